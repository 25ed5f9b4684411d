"""Queries about a circle's breaks."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.availability.models import CircleBreak
from events.availability.rules.slots import MAX_DAYS_AHEAD
from events.availability.rules.working_days import WorkingDays
from events.circles.models import Circle
from events.core import clock


def list_breaks(db: Session, circle: Circle) -> list[CircleBreak]:
    """Current and future breaks, earliest first."""
    today = clock.now().astimezone(ZoneInfo(circle.zone)).date()
    return _breaks_from(db, circle, today)


def closed_days(db: Session, circle: Circle, start: datetime) -> frozenset[date]:
    """Every day in a break on which times offered from `start` on could fall."""
    first = start.astimezone(ZoneInfo(circle.zone)).date()
    return days_of(_breaks_from(db, circle, first), first)


def days_of(breaks: Iterable[CircleBreak], first: date) -> frozenset[date]:
    """The days of these breaks from `first` on, as far ahead as times are offered."""
    last = first + timedelta(days=MAX_DAYS_AHEAD)
    days: set[date] = set()
    for break_ in breaks:
        day = max(break_.first_day, first)
        while day <= min(break_.last_day, last):
            days.add(day)
            day += timedelta(days=1)
    return frozenset(days)


def break_days(db: Session, circle: Circle, days: Collection[date]) -> frozenset[date]:
    """Those of the days, however far ahead, on which the circle has a break."""
    breaks = _breaks_from(db, circle, min(days))
    return frozenset(
        day for day in days if any(break_.first_day <= day <= break_.last_day for break_ in breaks)
    )


def working_days(db: Session, circle: Circle, start: datetime) -> WorkingDays:
    """Working days of this circle from `start` on, without those of its breaks."""
    return WorkingDays(circle.zone, circle.country, closed_days(db, circle, start))


def _breaks_from(db: Session, circle: Circle, day: date) -> list[CircleBreak]:
    query = select(CircleBreak).where(CircleBreak.circle_id == circle.id, CircleBreak.last_day >= day)
    return list(db.scalars(query.order_by(CircleBreak.first_day, CircleBreak.last_day)))
