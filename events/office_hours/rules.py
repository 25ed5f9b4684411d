"""Limits and times of office hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_LAST_MINUTE = time(23, 59)
MAX_PLACES = 6  # of one person after one livestream
SUGGESTED = 3  # ticked in advance
MAX_TIMES = 12  # shown to choose from
OFFER_NOTICE = timedelta(hours=12)  # before the first time
TAKE_NOTICE = timedelta(hours=2)
AHEAD = timedelta(days=21)
OFFER_WITHIN = timedelta(days=14)  # after the end
ASK_FOR = timedelta(days=3)  # on Today, after the end


def closing_time(now: datetime, days: int, zone: str) -> datetime:
    """The end of the day, so many days from now, by the clock of this zone."""
    local = ZoneInfo(zone)
    last_day = now.astimezone(local).date() + timedelta(days=days)
    return datetime.combine(last_day, _LAST_MINUTE, tzinfo=local).astimezone(UTC)
