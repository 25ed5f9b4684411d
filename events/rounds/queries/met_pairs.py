"""Query of the pairs that met in a circle, judged by outcomes and call evidence."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.circles.models import Circle
from events.coffees.models import Coffee, Seat
from events.coffees.rules import AGREED_STATES, pairs
from events.rounds.models import Round
from events.rounds.rules.met_window import MET_WINDOWS, Meetings, Pair


def met_pairs(db: Session, circle_id: str, at: datetime, *, besides: str | None = None) -> set[Pair]:
    """Pairs who count as having met at `at`, within the circle's window; `besides`: the round that asks."""
    return list_meetings(db, circle_id).counted(window_start(db, circle_id, at, besides), at)


def window_start(db: Session, circle_id: str, at: datetime, besides: str | None = None) -> datetime:
    """First start of a coffee that still counts at `at`; `besides`: the round that asks."""
    window = MET_WINDOWS[db.get_one(Circle, circle_id).met_window]
    return window.begins_at(at, _list_published(db, circle_id, window.rounds, besides))


def list_meetings(db: Session, circle_id: str) -> Meetings:
    """Columns instead of objects: a circle has thousands of coffees, which take seconds to load.

    A coffee was told about when its outcome says that it took place (`met`); whoever says that they were
    not there did not meet the others.
    """
    query = (
        select(Coffee.id, Coffee.state, Coffee.starts_at, Seat.user_id, Seat.took_place)
        .join(Seat, Seat.coffee_id == Coffee.id)
        .where(Coffee.circle_id == circle_id, Coffee.state.in_(AGREED_STATES), Seat.answer != "no")
        .order_by(Coffee.starts_at)
    )
    people: dict[str, list[str]] = {}
    held: dict[str, tuple[str, datetime]] = {}
    for coffee_id, state, starts_at, user_id, took_place in db.execute(query):
        held[coffee_id] = (state, starts_at)
        if state != "met" or took_place is not False:
            people.setdefault(coffee_id, []).append(user_id)
    told: dict[Pair, datetime] = {}
    unknown: dict[Pair, datetime] = {}
    for coffee_id, user_ids in people.items():
        state, starts_at = held[coffee_id]
        latest = told if state == "met" else unknown
        latest.update(dict.fromkeys(pairs(user_ids), starts_at))
    return Meetings(told, unknown)


def _list_published(db: Session, circle_id: str, most: int, besides: str | None) -> list[datetime]:
    """Publication times of the circle's last rounds, newest first."""
    query = select(Round.published_at).where(
        Round.circle_id == circle_id, Round.published_at.is_not(None), Round.id != (besides or "")
    )
    latest = query.order_by(Round.published_at.desc()).limit(most)
    return [moment for moment in db.scalars(latest) if moment is not None]
