"""Reads of a later closing: until when an open round may stay open, with its new dates."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from events.availability.queries.breaks import closed_days
from events.core import clock
from events.rounds.models import Round
from events.rounds.queries.rounds import list_opt_ins
from events.rounds.rules import timeline


@dataclass(frozen=True)
class Dates:
    """Closing, publication and offered times of a round that closes later."""

    closes_at: datetime
    publish_at: datetime
    times: list[str]


def later_dates(db: Session, round_: Round, closes_at: datetime) -> Dates | None:
    """None when an opt-in would lose all of its times."""
    circle = round_.circle
    closed = closed_days(db, circle, closes_at)
    publish_at = timeline.published_after(closes_at, circle.zone, circle.country, closed)
    closed = closed_days(db, circle, publish_at)
    times = timeline.times_after(publish_at, circle.zone, circle.country, round_.times, closed)
    if any(not set(opt_in.times) & set(times) for opt_in in list_opt_ins(db, round_.id, "waiting")):
        return None
    return Dates(closes_at, publish_at, times)


def prolonged_until(db: Session, round_: Round) -> datetime | None:
    """When it closes after an organiser gave it more days; None when its rules allow no later closing."""
    if not timeline.is_open(round_, clock.now()):
        return None
    closes_at = timeline.closes_later(round_, round_.circle.zone)
    if closes_at <= round_.closes_at or later_dates(db, round_, closes_at) is None:
        return None
    return closes_at
