"""Hook for the days on which a circle has a break, provided by a feature above this one."""

from collections.abc import Callable, Collection
from datetime import date

from sqlalchemy.orm import Session

from events.circles.models import Circle

Closed = Callable[[Session, Circle, Collection[date]], Collection[date]]
_readers: list[Closed] = []


def register_closed_days(read: Closed) -> None:
    """Register read(db, circle, days) -> those of the days on which the circle has a break."""
    _readers[:] = [read]


def closed_days(db: Session, circle: Circle, days: Collection[date]) -> Collection[date]:
    return _readers[0](db, circle, days) if _readers and days else frozenset()
