"""Stays for tests."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.core import clock
from events.core.ids import new_id
from events.livestreams.models import Livestream
from events.presence.models import Stay


def make_stay(
    db: Session,
    livestream: Livestream,
    user: User,
    *,
    entered_at: datetime | None = None,
    seen_at: datetime | None = None,
    left_at: datetime | None = None,
) -> Stay:
    entered = entered_at or clock.now()
    stay = Stay(
        livestream_id=livestream.id,
        user_id=user.id,
        tab=new_id(),
        entered_at=entered,
        seen_at=seen_at or left_at or entered,
        left_at=left_at,
    )
    db.add(stay)
    db.flush()
    return stay
