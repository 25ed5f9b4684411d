"""Reads about time that was given away."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.availability.models import Claim
from events.availability.rules import QUARTER, quarters


def busy_quarters(
    db: Session, user_ids: Collection[str], start: datetime, end: datetime
) -> dict[str, set[datetime]]:
    """The quarters that each of these people gave away between two moments, in one query."""
    busy: dict[str, set[datetime]] = {user_id: set() for user_id in user_ids}
    query = select(Claim.user_id, Claim.quarter).where(
        Claim.user_id.in_(list(user_ids)), Claim.quarter >= start, Claim.quarter < end
    )
    for user_id, quarter in db.execute(query):
        busy[user_id].add(quarter)
    return busy


def overlaps(
    db: Session, user_ids: Collection[str], starts_at: datetime, minutes: int, *, besides: str = ""
) -> bool:
    """Whether one of these people is busy then, apart from what the holder `besides` took."""
    query = select(Claim.holder_id).where(
        Claim.user_id.in_(list(user_ids)),
        Claim.quarter.in_(quarters(starts_at, minutes)),
        Claim.holder_id != besides,
    )
    return db.scalar(query.limit(1)) is not None


def list_free(
    db: Session, user_ids: Collection[str], times: list[datetime], minutes: int, *, besides: str = ""
) -> list[datetime]:
    """Those of `times` at which all of these people are free, in one query."""
    if not times:
        return []
    query = select(Claim.quarter).where(
        Claim.user_id.in_(list(user_ids)),
        Claim.quarter >= min(times) - QUARTER,
        Claim.quarter < max(times) + timedelta(minutes=minutes),
        Claim.holder_id != besides,
    )
    busy = set(db.scalars(query))
    return [time for time in times if busy.isdisjoint(quarters(time, minutes))]


def list_holders(db: Session, holder_id: str) -> list[str]:
    """Whose time this holder took."""
    return list(db.scalars(select(Claim.user_id).where(Claim.holder_id == holder_id).distinct()))
