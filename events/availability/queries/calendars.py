"""Queries about external calendars. Their URLs stay encrypted."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.availability.models import BusyCalendar, BusyTime
from events.core.auth.actor import Actor
from events.core.errors import NotFound
from events.core.ids import ID_LENGTH


@dataclass(frozen=True)
class ListedCalendar:
    """A calendar as its owner sees it, with its number of busy times."""

    calendar: BusyCalendar
    times: int


def list_calendars(db: Session, user_id: str) -> list[ListedCalendar]:
    """In the order they were added, in one query."""
    query = (
        select(BusyCalendar, func.count(BusyTime.starts_at))
        .outerjoin(BusyTime, BusyTime.calendar_id == BusyCalendar.id)
        .where(BusyCalendar.user_id == user_id)
        .group_by(BusyCalendar.id)
        .order_by(BusyCalendar.added_at, BusyCalendar.id)
    )
    return [ListedCalendar(calendar, int(count)) for calendar, count in db.execute(query)]


def get_calendar(db: Session, actor: Actor, calendar_id: str) -> BusyCalendar:
    """Raises NotFound for another person's calendar."""
    found = db.get(BusyCalendar, calendar_id) if len(calendar_id) == ID_LENGTH else None
    if found is None or found.user_id != actor.person_id:
        raise NotFound
    return found


def find_busy(db: Session, user_id: str, starts_at: datetime, ends_at: datetime) -> datetime | None:
    """When the calendar that shows this time as busy was last read; None if none does."""
    query = (
        select(BusyCalendar.read_at)
        .join(BusyTime, BusyTime.calendar_id == BusyCalendar.id)
        .where(BusyCalendar.user_id == user_id, BusyTime.starts_at < ends_at, BusyTime.ends_at > starts_at)
        .order_by(BusyCalendar.read_at.desc())
    )
    return db.scalar(query.limit(1))
