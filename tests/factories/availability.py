"""Time that is given away, for tests."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.availability.models import Claim
from events.availability.rules import quarters
from events.core.ids import new_id


def make_claims(
    db: Session, user: User, starts_at: datetime, *, minutes: int = 30, holder_id: str = ""
) -> str:
    """This person is busy then; the id of what took the time."""
    holder = holder_id or new_id()
    for quarter in quarters(starts_at, minutes):
        db.add(Claim(user_id=user.id, quarter=quarter, holder_id=holder))
    db.flush()
    return holder
