"""Time that is given away, for tests."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.availability.actions.calendars import KIND
from events.availability.models import BusyCalendar, BusyTime, CircleBreak, Claim, DayOff, WeeklyHours
from events.availability.rules.slots import quarters
from events.circles.models import Circle
from events.core import clock
from events.core.auth import crypto
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


def make_hours(db: Session, user: User, hours: Iterable[int], **changes: int) -> WeeklyHours:
    """What this person told about their week, by the clock of their own zone."""
    values = {"before": 0, "after": 0, "notice": 0} | changes
    told = WeeklyHours(user_id=user.id, zone=user.zone, hours=sorted(hours), **values)
    db.add(told)
    db.flush()
    return told


def make_days_off(db: Session, user: User, first: date, last: date | None = None) -> DayOff:
    days = DayOff(user_id=user.id, first_day=first, last_day=last or first)
    db.add(days)
    db.flush()
    return days


def make_calendar(
    db: Session, user: User, address: str, *busy: tuple[datetime, datetime], read_at: datetime | None = None
) -> BusyCalendar:
    """A calendar of this person that was read, with these busy times; it is not due."""
    now = clock.now()
    calendar = BusyCalendar(
        user_id=user.id,
        host="kalender.test",
        sealed=crypto.seal(KIND, address),
        fingerprint=crypto.fingerprint(address),
        added_at=now,
        read_at=read_at or now,
        tried_at=read_at or now,
        due_at=now + timedelta(minutes=30),
    )
    db.add(calendar)
    db.flush()
    for start, end in busy:
        db.add(BusyTime(calendar_id=calendar.id, starts_at=start, ends_at=end))
    db.flush()
    return calendar


def make_break(db: Session, circle: Circle, first: date, last: date | None = None) -> CircleBreak:
    made = CircleBreak(circle_id=circle.id, first_day=first, last_day=last or first)
    db.add(made)
    db.flush()
    return made
