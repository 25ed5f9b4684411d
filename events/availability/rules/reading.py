"""When a calendar is read again: soon after it worked, later and later after it failed."""

from datetime import datetime, timedelta

EVERY = timedelta(minutes=30)
LONGEST_PAUSE = timedelta(days=1)


def next_reading(now: datetime, failures: int) -> datetime:
    """Half an hour on; after failures in a row twice as long each time, a day at most."""
    pause = min(EVERY * (1 << min(failures, 10)), LONGEST_PAUSE)
    return now + pause
