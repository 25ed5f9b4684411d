"""Rows of guests."""

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.core import clock
from events.guests.models import Guest
from events.livestreams.models import Livestream


def make_guest(
    db: Session, livestream: Livestream, user: User, *, inviter: User | None = None, state: str = "requested"
) -> Guest:
    guest = Guest(
        livestream_id=livestream.id,
        user_id=user.id,
        invited_by_id=inviter.id if inviter is not None else None,
        state=state,
        created_at=clock.now(),
    )
    db.add(guest)
    db.flush()
    return guest
