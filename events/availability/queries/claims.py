"""Queries about claimed and busy time."""

from collections.abc import Collection
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Result, null, select, union_all
from sqlalchemy.orm import Session

from events.availability.models import BusyCalendar, BusyTime, Claim
from events.availability.rules.slots import QUARTER, quarters

MINUTE = timedelta(minutes=1)


def busy_quarters(
    db: Session, user_ids: Collection[str], start: datetime, end: datetime
) -> dict[str, set[datetime]]:
    """Claimed or busy quarters in [start, end) by person, in one query."""
    busy: dict[str, set[datetime]] = {user_id: set() for user_id in user_ids}
    claimed = select(Claim.user_id, Claim.quarter, null().label("ends_at")).where(
        Claim.user_id.in_(list(user_ids)), Claim.quarter >= start, Claim.quarter < end
    )
    read = (
        select(BusyCalendar.user_id, BusyTime.starts_at, BusyTime.ends_at)
        .join(BusyTime, BusyTime.calendar_id == BusyCalendar.id)
        .where(BusyCalendar.user_id.in_(list(user_ids)), BusyTime.starts_at < end, BusyTime.ends_at > start)
    )
    found: Result[str, datetime, datetime | None] = db.execute(union_all(read, claimed))
    for user_id, starts_at, ends_at in found:
        if ends_at is None:  # a claim
            busy[user_id].add(starts_at)
            continue
        first, last = max(starts_at, start), min(ends_at, end)
        busy[user_id].update(quarters(first, ceil((last - first) / MINUTE)))
    return busy


def overlaps(
    db: Session, user_ids: Collection[str], starts_at: datetime, minutes: int, *, besides: str = ""
) -> bool:
    """Whether any of these people is busy then, ignoring claims of the holder `besides`."""
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
    """Ids of the people whose time this holder claimed."""
    return list(db.scalars(select(Claim.user_id).where(Claim.holder_id == holder_id).distinct()))
