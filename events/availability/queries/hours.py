"""Queries about usual hours and really free times."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.availability.models import DayOff, WeeklyHours
from events.availability.queries.claims import busy_quarters
from events.availability.rules.hours import (
    OFFICE,
    WeeklyAvailability,
    conflicts,
    free_starts,
    within_usual_hours,
)
from events.availability.rules.slots import QUARTER
from events.core import clock
from events.core.calendar.public_holidays import country_of_zone, public_holidays

Span = tuple[date, date]
HORIZON = timedelta(days=60)  # from `start`


def hours_of(db: Session, user_id: str) -> WeeklyHours | None:
    return db.get(WeeklyHours, user_id)


def list_days_off(db: Session, user_id: str) -> list[DayOff]:
    """Current and future days off, earliest first."""
    yesterday = (clock.now() - timedelta(days=1)).date()
    query = select(DayOff).where(DayOff.user_id == user_id, DayOff.last_day >= yesterday)
    return list(db.scalars(query.order_by(DayOff.first_day, DayOff.last_day)))


def weekly_availability_of(db: Session, user_ids: Collection[str]) -> dict[str, WeeklyAvailability]:
    """By person, in one query. People without stored hours get only their zone."""
    off: dict[str, list[Span]] = defaultdict(list)
    stored: dict[str, tuple[str, WeeklyHours | None]] = {}
    query = (
        select(User.id, User.zone, WeeklyHours, DayOff.first_day, DayOff.last_day)
        .outerjoin(WeeklyHours, WeeklyHours.user_id == User.id)
        .outerjoin(DayOff, DayOff.user_id == User.id)
        .where(User.id.in_(list(user_ids)))
    )
    for user_id, zone, hours, first_day, last_day in db.execute(query):
        stored[user_id] = zone, hours
        if first_day is not None:
            off[user_id].append((first_day, last_day))
    return {
        user_id: _weekly_availability(zone, hours, tuple(off[user_id]))
        for user_id, (zone, hours) in stored.items()
    }


def list_likely_times(
    db: Session, user_id: str, starts: list[datetime], minutes: int
) -> list[datetime] | None:
    """Those of `starts` that are free and in usual hours; None without stored hours."""
    habits = weekly_availability_of(db, [user_id])[user_id]
    if not habits.hours:
        return None
    busy = _busy(db, user_id, min(starts, default=clock.now()), max(starts, default=clock.now()))
    soonest = clock.now() + habits.notice
    return [
        start
        for start in starts
        if start >= soonest
        and within_usual_hours(habits, start, minutes)
        and not conflicts(habits, start, minutes, busy)
    ]


def list_free_times(
    db: Session, user_id: str, start: datetime, end: datetime, minutes: int
) -> list[datetime]:
    """Half-hour starts at which this person can meet for `minutes`.

    Uses usual hours, or office hours if none are stored; excludes claims, busy times, days off and
    public holidays of the country of one's zone, with margins and notice. At most HORIZON ahead.
    """
    return list_shared_times(db, [user_id], start, end, minutes)


def list_shared_times(
    db: Session, user_ids: Collection[str], start: datetime, end: datetime, minutes: int
) -> list[datetime]:
    """Starts at which all of these people can meet; as many queries as for one person."""
    free = free_times_of(db, dict.fromkeys(user_ids, minutes), start, end)
    return sorted(set.intersection(*free.values())) if free else []


def free_times_of(
    db: Session, minutes: Mapping[str, int], start: datetime, end: datetime
) -> dict[str, set[datetime]]:
    """Free starts by person, for each person's number of minutes."""
    last = min(end, start + HORIZON)
    if last <= start:
        return {user_id: set() for user_id in minutes}
    margin = timedelta(days=1) + QUARTER  # covers margins and long meetings
    busy = busy_quarters(db, minutes, start - margin, last + margin)
    free = {}
    for user_id, stored in weekly_availability_of(db, minutes).items():
        habits = stored if stored.hours else replace(stored, hours=OFFICE)
        country = country_of_zone(habits.zone)
        holidays = public_holidays(country, start.year) | public_holidays(country, last.year)
        first = max(start, clock.now() + habits.notice)
        free[user_id] = set(
            free_starts(habits, first, last, minutes[user_id], busy=busy[user_id], holidays=holidays)
        )
    return free


def _weekly_availability(
    zone: str, stored: WeeklyHours | None, spans: tuple[Span, ...]
) -> WeeklyAvailability:
    if stored is None:
        return WeeklyAvailability(zone, off=spans)
    notice = timedelta(hours=stored.notice)
    return WeeklyAvailability(
        stored.zone, frozenset(stored.hours), spans, stored.before, stored.after, notice
    )


def _busy(db: Session, user_id: str, first: datetime, last: datetime) -> set[datetime]:
    """Busy quarters from a day before to a day after, to cover margins and long meetings."""
    margin = timedelta(days=1) + QUARTER
    return busy_quarters(db, [user_id], first - margin, last + margin)[user_id]
