"""What places follow: who is no longer in the circle comes to nothing of it."""

from sqlalchemy.orm import Session

from events.circles.signals import MembershipEnded
from events.core.access import SYSTEM
from events.core.bus import on
from events.registrations import actions


@on(MembershipEnded)
def end_places(db: Session, signal: MembershipEnded) -> None:
    actions.end_places(db, SYSTEM, signal.circle_id, signal.user_id)
