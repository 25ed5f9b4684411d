"""Who may be at a livestream, whose time there is kept, and who may react."""

from events.circles.models import Membership
from events.core.auth.actor import Actor
from events.livestreams.models import Livestream
from events.livestreams.policy import may_see, may_take_part


def may_enter(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Look in: whoever may see it, visitors of a public one included."""
    return may_see(actor, livestream, membership)


def may_attend(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Be counted: whoever takes part. Who only looks in, a visitor of a public one, leaves no trace."""
    return actor.person_id is not None and may_take_part(actor, livestream, membership)


def may_leave(actor: Actor) -> bool:
    """Anybody may go; a socket closes only the stays it opened itself."""
    return actor.is_system() or actor.person_id is not None


def may_write_stays(actor: Actor) -> bool:
    """What was seen at the door is written down by nobody but ourselves."""
    return actor.is_system()


def may_react(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    return may_attend(actor, livestream, membership)
