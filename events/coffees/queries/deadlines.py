"""Deadlines of answers, on the working days of a coffee's circle."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.availability.queries.breaks import working_days
from events.availability.rules.working_days import WorkingDays
from events.circles.models import Circle
from events.coffees import rules
from events.coffees.models import Coffee
from events.core import clock


def answer_deadline(
    db: Session, circle: Circle, starts_at: datetime, days: int = rules.ANSWER_DAYS
) -> datetime:
    """Deadline for an answer asked now, about a coffee at `starts_at`."""
    now = clock.now()
    return rules.answer_until(now, starts_at, working_days(db, circle, now), days)


def nudge_time(db: Session, coffee: Coffee) -> datetime:
    """When whoever did not answer this coffee is reminded.

    Breaks are read only if one may lie before the deadline: a round proposes hundreds of coffees at once.
    """
    circle = coffee.circle
    week = WorkingDays(circle.zone, circle.country)
    if rules.answer_until(coffee.proposed_at, coffee.starts_at, week) != coffee.answer_by:
        week = working_days(db, circle, coffee.proposed_at)
    return rules.nudge_at(coffee.answer_by, week)
