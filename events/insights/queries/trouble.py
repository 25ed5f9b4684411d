"""Queries on technical trouble in the calls of a livestream or circle, as patterns without names."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from events.calls.models import CallStay
from events.calls.rules import TECHNICAL_RETENTION
from events.coffees.models import Coffee, Seat
from events.coffees.rules import CALL_CLOSES
from events.core import clock
from events.insights.rules.trouble import Call, Pattern, Stay, patterns, patterns_of_circle

_any_stay = aliased(CallStay)


def trouble_of_livestream(db: Session, livestream_id: str) -> list[Pattern]:
    """The caller checks the right to read the report."""
    return patterns(_list_calls(db, Coffee.occasion_id == livestream_id))


def trouble_of_circle(db: Session, circle_id: str) -> list[Pattern]:
    """As `trouble_of_livestream`."""
    return patterns_of_circle(_list_calls(db, Coffee.circle_id == circle_id))


def _list_calls(db: Session, of: ColumnElement[bool]) -> list[Call]:
    """Calls of agreed coffees within TECHNICAL_RETENTION that nobody can join any more, with their stays."""
    now = clock.now()
    query = (
        select(Coffee.id, Coffee.starts_at, Coffee.minutes, Coffee.state, Coffee.occasion_id, Seat.user_id)
        .add_columns(CallStay)
        .join(Seat, Seat.coffee_id == Coffee.id)
        .outerjoin(CallStay, (CallStay.coffee_id == Coffee.id) & (CallStay.user_id == Seat.user_id))
        .where(of, Coffee.kind == "coffee", Coffee.form == "online", Seat.answer != "no")
        .where(Coffee.state.in_(("confirmed", "met", "missed")))
        .where(Coffee.starts_at > now - TECHNICAL_RETENTION, Coffee.starts_at < now)
        .where(exists().where(_any_stay.coffee_id == Coffee.id))
        .order_by(Coffee.starts_at, Coffee.id)
    )
    people: dict[str, set[str]] = defaultdict(set)
    stays: dict[str, list[Stay]] = defaultdict(list)
    coffees = {}
    for row in db.execute(query):
        coffees[row.id] = row
        people[row.id].add(row.user_id)
        if row.CallStay is not None:
            stays[row.id].append(_stay_of(row.CallStay, row.starts_at + timedelta(minutes=row.minutes)))
    return [
        Call(
            starts_at=row.starts_at,
            ends_at=row.starts_at + timedelta(minutes=row.minutes),
            met=row.state == "met",
            people=frozenset(people[row.id]),
            stays=tuple(stays[row.id]),
            occasion=row.occasion_id,
        )
        for row in coffees.values()
        if stays[row.id] and row.starts_at + timedelta(minutes=row.minutes) + CALL_CLOSES < now
    ]


def _stay_of(stay: CallStay, ends_at: datetime) -> Stay:
    return Stay(
        user_id=stay.user_id,
        entered_at=stay.entered_at,
        left_at=stay.left_at or ends_at,
        connected_at=stay.connected_at,
        trouble=stay.trouble,
        browser=stay.browser,
        version=stay.browser_version,
        network=stay.network,
    )
