"""Actions on a circle's breaks: days without coffees."""

from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.availability import forms
from events.availability.models import CircleBreak
from events.circles.models import Circle
from events.circles.policy import may_organise
from events.circles.queries.circles import lock_circle, membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.errors import Conflict, Invalid, NotFound

MAX_BREAKS = 20


def add_break(db: Session, actor: Actor, circle: Circle, data: forms.Break) -> CircleBreak:
    """Idempotent for the same days."""
    authorize(may_organise, actor, membership_of(db, actor, circle.id))
    if data.last_day < data.first_day:
        raise Invalid(fields=[("last_day", "ends_before")])
    if data.last_day < clock.now().astimezone(ZoneInfo(circle.zone)).date():
        raise Invalid(fields=[("first_day", "day_passed")])
    lock_circle(db, circle)
    own = select(CircleBreak).where(CircleBreak.circle_id == circle.id)
    same = own.where(CircleBreak.first_day == data.first_day, CircleBreak.last_day == data.last_day)
    existing = db.scalar(same.limit(1))
    if existing is not None:
        return existing
    if (db.scalar(select(func.count()).select_from(own.subquery())) or 0) >= MAX_BREAKS:
        raise Conflict("too_many_breaks")
    added = CircleBreak(circle_id=circle.id, first_day=data.first_day, last_day=data.last_day)
    db.add(added)
    db.flush()
    return added


def remove_break(db: Session, actor: Actor, circle: Circle, break_id: str) -> None:
    """Raises NotFound for another circle's break."""
    authorize(may_organise, actor, membership_of(db, actor, circle.id))
    found = db.get(CircleBreak, break_id)
    if found is None or found.circle_id != circle.id:
        raise NotFound
    db.delete(found)
    db.flush()
