"""Actions on one's usual hours and days off."""

from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.accounts.queries.people import get_user, lock_people
from events.availability import forms, policy
from events.availability.models import DayOff, WeeklyHours
from events.availability.rules.hours import whole_hours
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.db.session import get_or_create
from events.core.errors import Conflict, Invalid, NotFound

MAX_DAYS_OFF = 40  # spans; beyond this, add a calendar


def set_times(db: Session, actor: Actor, data: forms.WeeklyHoursForm) -> WeeklyHours:
    """Replace the usual hours, as wall time in the profile's zone."""
    authorize(policy.may_change_hours, actor)
    zone = get_user(db, actor.id).zone
    weekly_hours, _created = get_or_create(
        db,
        lambda: db.get(WeeklyHours, actor.id),
        lambda: WeeklyHours(user_id=actor.id, zone=zone, hours=[], before=0, after=0, notice=0),
    )
    weekly_hours.zone = zone
    weekly_hours.hours = whole_hours(data.hours)
    weekly_hours.before, weekly_hours.after, weekly_hours.notice = (
        int(data.before),
        int(data.after),
        int(data.notice),
    )
    db.flush()
    return weekly_hours


def add_days_off(db: Session, actor: Actor, data: forms.DaysOff) -> DayOff:
    """Idempotent for the same days."""
    authorize(policy.may_change_hours, actor)
    last = data.last_day or data.first_day
    today = clock.now().astimezone(ZoneInfo(get_user(db, actor.id).zone)).date()
    if last < data.first_day:
        raise Invalid(fields=[("last_day", "ends_before")])
    if last < today:
        raise Invalid(fields=[("first_day", "day_passed")])
    lock_people(db, [actor.id])
    own = select(DayOff).where(DayOff.user_id == actor.id)
    existing = db.scalar(own.where(DayOff.first_day == data.first_day, DayOff.last_day == last).limit(1))
    if existing is not None:
        return existing
    if (db.scalar(select(func.count()).select_from(own.subquery())) or 0) >= MAX_DAYS_OFF:
        raise Conflict("too_many_days_off")
    added = DayOff(user_id=actor.id, first_day=data.first_day, last_day=last)
    db.add(added)
    db.flush()
    return added


def remove_days_off(db: Session, actor: Actor, days_off_id: str) -> None:
    """Raises NotFound for another person's days off."""
    authorize(policy.may_change_hours, actor)
    found = db.get(DayOff, days_off_id)
    if found is None or found.user_id != actor.id:
        raise NotFound
    db.delete(found)
    db.flush()
