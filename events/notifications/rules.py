"""Pure rules of mails: when the digest of questions leaves."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DIGEST_DELAY = timedelta(hours=1)  # so that questions asked together arrive together
DIGEST_HOUR = time(9)  # of the next one, after one that left on the same day


def digest_due(now: datetime, zone: str, last_day: int | None) -> tuple[int, datetime]:
    """The day (ordinal, in the zone) and time of the next digest, at most one a day."""
    due_at = now + DIGEST_DELAY
    day = due_at.astimezone(ZoneInfo(zone)).date()
    if last_day is None or day.toordinal() > last_day:
        return day.toordinal(), due_at
    following = day.fromordinal(last_day + 1)
    return last_day + 1, datetime.combine(following, DIGEST_HOUR, tzinfo=ZoneInfo(zone)).astimezone(UTC)
