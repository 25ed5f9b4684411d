"""Pure rules of recurrence: the days of a rhythm, a next date like another, and when each is announced."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

RHYTHMS = ("weekly", "fortnightly", "monthly", "monthly_last")
MAX_EVENINGS = 53
ANNOUNCE_DAYS = 21
ANNOUNCE_CHOICES = (7, 14, 21, 28, 42)  # days before
ANNOUNCED_AT = time(9)
DAY = timedelta(days=1)
_WEEKS = {"weekly": 1, "fortnightly": 2}


def rhythms_of(day: date) -> list[str]:
    """The rhythms that a first day allows: a fifth weekday of a month recurs as the last one only."""
    found = ["weekly", "fortnightly"]
    if ordinal_of(day) < 5:
        found.append("monthly")
    if (day + 7 * DAY).month != day.month:
        found.append("monthly_last")
    return found


def ordinal_of(day: date) -> int:
    """1 for the first Thursday of its month, or whatever weekday it is; 5 at most."""
    return (day.day - 1) // 7 + 1


def days_of(first: date, rhythm: str, count: int) -> list[date]:
    """Days of a series, the first included; at most `count`, all within a year of the first."""
    last = first + 365 * DAY
    found = [first]
    while len(found) < min(count, MAX_EVENINGS):
        day = _next(found[-1], rhythm)
        if day > last:
            break
        found.append(day)
    return found


def same_weekday_next_month(day: date) -> date:
    """The third Tuesday after a third Tuesday; a fifth one becomes the last."""
    return _in_next_month(day, ordinal_of(day))


def next_like(day: date, today: date) -> date:
    """The next date after today that falls as `day` does in its month."""
    found = same_weekday_next_month(day)
    while found <= today:
        found = same_weekday_next_month(found)
    return found


def start_on(day: date, hour: time, zone: str) -> datetime:
    """Wall time in a zone as UTC; an hour that the clock skips in spring is the one after."""
    return datetime.combine(day, hour.replace(tzinfo=None, fold=0), ZoneInfo(zone)).astimezone(UTC)


def announcements(starts: Sequence[datetime], days: int, zone: str) -> list[datetime]:
    """When each of these evenings, in their order, is announced: `days` ahead in the morning, and not
    before the day after the one before it, so that a member reads of one at a time.
    """
    there = ZoneInfo(zone)
    found: list[datetime] = []
    for place, start in enumerate(starts):
        day = start.astimezone(there).date() - days * DAY
        if place:
            day = max(day, starts[place - 1].astimezone(there).date() + DAY)
        day = min(day, start.astimezone(there).date())
        found.append(min(start_on(day, ANNOUNCED_AT, zone), start))
    return found


def _next(day: date, rhythm: str) -> date:
    if rhythm in _WEEKS:
        return day + 7 * _WEEKS[rhythm] * DAY
    return _in_next_month(day, 5 if rhythm == "monthly_last" else ordinal_of(day))


def _in_next_month(day: date, ordinal: int) -> date:
    """The same weekday of the next month, by its ordinal, or the last one where there is no fifth."""
    first = (day.replace(day=1) + 32 * DAY).replace(day=1)
    found = first + (day.weekday() - first.weekday()) % 7 * DAY + 7 * (ordinal - 1) * DAY
    return found if found.month == first.month else found - 7 * DAY
