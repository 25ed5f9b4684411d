"""The start that the form suggests: an evening on which most circles meet, and not too soon to be known."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

THURSDAY = 3  # as date.weekday() counts
USUAL_HOUR = "20:00"
NOTICE = timedelta(days=3)  # so that members read of it in time


def usual_start(now: datetime, zone: str) -> tuple[str, str]:
    """(day, hour) in the circle's zone, in the format of date and time inputs: the next Thursday evening."""
    soonest = (now.astimezone(ZoneInfo(zone)) + NOTICE).date()
    day = soonest + timedelta(days=(THURSDAY - soonest.weekday()) % 7)
    return day.isoformat(), USUAL_HOUR
