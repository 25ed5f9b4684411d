"""Queries about attendance and current viewers."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from events.core import clock
from events.livestreams.models import Livestream
from events.livestreams.rules.states import GATHERED
from events.presence.models import Stay
from events.presence.rules import HEARTBEAT_TTL, Interval, interval_of, merge_intervals


def list_attendance(db: Session, livestream_id: str) -> dict[str, list[Interval]]:
    """Intervals by person, merged over tabs and devices. For the report."""
    ended_at = db.get_one(Livestream, livestream_id).ended_at
    found: dict[str, list[Interval]] = defaultdict(list)
    query = select(Stay.user_id, Stay.entered_at, Stay.seen_at, Stay.left_at)
    for user_id, entered_at, seen_at, left_at in db.execute(query.where(Stay.livestream_id == livestream_id)):
        interval = interval_of(entered_at, seen_at, left_at, ended_at)
        if interval is not None:
            found[user_id].append(interval)
    return {user_id: merge_intervals(intervals) for user_id, intervals in found.items()}


def count_watching(db: Session, livestream_id: str) -> int:
    """Current viewers by person; the desk and the host do not count."""
    query = select(func.count(Stay.user_id.distinct())).join(Livestream, Livestream.id == Stay.livestream_id)
    query = query.where(Stay.livestream_id == livestream_id, Stay.user_id != Livestream.host_id)
    return db.scalar(query.where(*_watching())) or 0


def count_all_watching(db: Session) -> dict[str, int]:
    """Viewer counts by slug, for every livestream that is on."""
    there = and_(Stay.livestream_id == Livestream.id, Stay.user_id != Livestream.host_id, *_watching())
    query = (
        select(Livestream.slug, func.count(Stay.user_id.distinct()))
        .outerjoin(Stay, there)
        .where(Livestream.state.in_(GATHERED))
        .group_by(Livestream.slug)
    )
    return dict(db.execute(query).all())


def list_open(db: Session, tabs: Collection[str]) -> list[Stay]:
    """Open stays of these tabs."""
    return list(db.scalars(select(Stay).where(Stay.tab.in_(tabs), Stay.left_at.is_(None))))


def _watching() -> tuple[ColumnElement[bool], ...]:
    return (Stay.left_at.is_(None), Stay.seen_at > clock.now() - HEARTBEAT_TTL, Stay.desk.is_(False))
