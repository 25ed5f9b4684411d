"""Stays in a call, for tests."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.calls.models import CallStay
from events.coffees.models import Coffee
from events.core import clock
from events.core.ids import new_id


def make_call_stay(
    db: Session, coffee: Coffee, user: User, *, epoch: int = 1, connected_at: datetime | None = None
) -> CallStay:
    stay = CallStay(
        coffee_id=coffee.id,
        user_id=user.id,
        tab=new_id(),
        epoch=epoch,
        entered_at=clock.now(),
        connected_at=connected_at,
    )
    db.add(stay)
    db.flush()
    return stay
