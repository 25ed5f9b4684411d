"""Reads the DTSTAMP of a calendar's answer, which anybody may have written, into one that can be compared."""

from datetime import UTC, datetime, timedelta

EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)  # what is older is a placeholder of the program
AHEAD = timedelta(minutes=5)  # by which a clock elsewhere may be wrong


def stamp(written: str, now: datetime) -> str:
    """`written` in ISO if it is one, never later than a few minutes from now; else the time of arrival."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return now.isoformat()
    if moment.tzinfo is None or moment < EARLIEST:
        return now.isoformat()
    return min(moment, now + AHEAD).astimezone(UTC).isoformat()
