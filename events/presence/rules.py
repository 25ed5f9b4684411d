"""Pure rules of presence: intervals of stays, their union, and the displayed viewer count."""

from collections.abc import Iterable
from datetime import datetime, timedelta

Interval = tuple[datetime, datetime]

HEARTBEAT_TTL = timedelta(seconds=150)  # two heartbeats of a minute plus network delay
EXACT_BELOW = 50


def interval_of(
    entered_at: datetime, seen_at: datetime, left_at: datetime | None, ended_at: datetime | None
) -> Interval | None:
    """The interval a stay counts for; None if it lies after the end.

    Without a departure it ends at the last heartbeat, or at the livestream's end if that heartbeat
    is within HEARTBEAT_TTL of it.
    """
    last = left_at or seen_at
    if ended_at is not None:
        if left_at is None and seen_at + HEARTBEAT_TTL >= ended_at:
            last = ended_at
        last = min(last, ended_at)
    return (entered_at, last) if last > entered_at else None


def merge_intervals(intervals: Iterable[Interval]) -> list[Interval]:
    """Union of the intervals, in order and without overlaps."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def displayed_count(count: int) -> int:
    """Exact when small, rounded down in steps when large, so that the number is stable."""
    if count < EXACT_BELOW:
        return count
    step = 10 if count < 200 else 50 if count < 1000 else 100
    return count // step * step
