"""When a calendar is read again: soon after it worked, later and later after it failed."""

from datetime import datetime, timedelta

EVERY = timedelta(minutes=30)
COSTLY_PROBLEMS = {"too_slow", "too_heavy"}  # took all the time that a reading may take
MAX_INTERVAL = timedelta(days=1)


def next_refresh(now: datetime, failures: int) -> datetime:
    """Half an hour on; after failures in a row twice as long each time, a day at most."""
    pause = min(EVERY * (1 << min(failures, 10)), MAX_INTERVAL)
    return now + pause


def earliest_refresh(problem: str, tried_at: datetime | None, due_at: datetime, now: datetime) -> datetime:
    """When somebody who asks may have it read: now, but a calendar that only costs time keeps its pause."""
    return due_at if problem in COSTLY_PROBLEMS and tried_at is not None and due_at > now else now
