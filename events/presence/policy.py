"""Access rules for presence and reactions."""

from events.circles.models import Membership
from events.core.auth.actor import Actor
from events.livestreams.models import Livestream
from events.livestreams.policy import may_direct, may_see, may_take_part


def may_enter(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Anyone who may see the livestream, visitors of a public one included."""
    return may_see(actor, livestream, membership)


def may_attend(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Participants only. Visitors of a public livestream are not recorded."""
    return actor.person_id is not None and may_take_part(actor, livestream, membership)


def may_leave(actor: Actor) -> bool:
    """Anyone: a socket can close only its own stays."""
    return actor.is_system() or actor.person_id is not None


def may_write_stays(actor: Actor) -> bool:
    """SYSTEM only."""
    return actor.is_system()


def may_record_attendance(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Directors, of what was held elsewhere: elsewhere attendance is measured, never told."""
    return livestream.held_elsewhere and may_direct(actor, livestream, membership)


def may_react(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    return may_attend(actor, livestream, membership)
