"""Access rules of office hours."""

from events.circles.models import Membership
from events.core.auth.actor import Actor
from events.livestreams.models import Livestream
from events.livestreams.policy import may_direct
from events.livestreams.rules.states import OVER


def may_offer(
    actor: Actor, livestream: Livestream, membership: Membership | None, speaker_id: str | None
) -> bool:
    """Host, speaker and team, signed in, once the livestream is over."""
    if membership is None or not actor.is_signed_in() or livestream.state not in OVER:
        return False
    return actor.person_id == speaker_id or may_direct(actor, livestream, membership)


def may_withdraw(actor: Actor, owner_id: str) -> bool:
    return actor.is_signed_in() and actor.person_id == owner_id


def may_take(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Members, signed in: a key must not book in its person's name."""
    return membership is not None and actor.is_signed_in() and livestream.state in OVER


def may_see(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    return membership is not None and actor.person_id is not None and livestream.state in OVER


def may_name_speaker(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    return membership is not None and livestream.state in OVER and may_direct(actor, livestream, membership)


def may_free(actor: Actor) -> bool:
    """SYSTEM only: it follows a cancellation."""
    return actor.is_system()
