"""Refresh schedule of calendars, with exponential back-off after failures."""

from datetime import datetime, timedelta

EVERY = timedelta(minutes=30)
COSTLY_PROBLEMS = {"too_slow", "too_heavy"}  # problems that use up the whole time limit
MAX_INTERVAL = timedelta(days=1)


def next_refresh(now: datetime, failures: int) -> datetime:
    """Half an hour later, doubled for each failure in a row, at most a day."""
    pause = min(EVERY * (1 << min(failures, 10)), MAX_INTERVAL)
    return now + pause


def earliest_refresh(problem: str, tried_at: datetime | None, due_at: datetime, now: datetime) -> datetime:
    """When a user may request a refresh: now, but costly calendars keep their back-off."""
    return due_at if problem in COSTLY_PROBLEMS and tried_at is not None and due_at > now else now
