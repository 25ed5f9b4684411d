"""How long somebody was there: stays of tabs and devices merged; and the number of viewers we show."""

from collections.abc import Iterable
from datetime import datetime, timedelta

Interval = tuple[datetime, datetime]

HEARTBEAT_TTL = timedelta(seconds=150)  # two beats of a minute and a slow line
EXACT_BELOW = 50


def interval_of(
    entered_at: datetime, seen_at: datetime, left_at: datetime | None, ended_at: datetime | None
) -> Interval | None:
    """From when to when a stay counts; None when nothing of it lies before the end.

    A tab that never said goodbye counts until it was last seen, or until the end when that was so recent
    that it was there.
    """
    last = left_at or seen_at
    if ended_at is not None:
        if left_at is None and seen_at + HEARTBEAT_TTL >= ended_at:
            last = ended_at
        last = min(last, ended_at)
    return (entered_at, last) if last > entered_at else None


def merge_intervals(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time without overlaps, in order: two tabs at once are one person there once."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def displayed_count(count: int) -> int:
    """The number that is displayed: exact in small rooms, in steps above, so that it rests."""
    if count < EXACT_BELOW:
        return count
    step = 10 if count < 200 else 50 if count < 1000 else 100
    return count // step * step
