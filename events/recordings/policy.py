"""Access rules for recordings and watch progress."""

from events.circles.models import Membership
from events.core.auth.actor import Actor
from events.livestreams import policy
from events.livestreams.models import Livestream


def may_attach(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Attach, change, announce, remove: organisers and the host, signed in."""
    return policy.may_direct(actor, livestream, membership)


def may_expect(actor: Actor) -> bool:
    """SYSTEM only, when the livestream ends."""
    return actor.is_system()


def may_watch(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    return policy.may_see(actor, livestream, membership)


def may_save_progress(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """One's own, signed in or with a key to this livestream."""
    return (
        actor.person_id is not None
        and actor.reaches("livestream", livestream.id)
        and may_watch(actor, livestream, membership)
    )
