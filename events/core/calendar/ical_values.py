"""iCalendar dates, times and durations (RFC 5545, section 3.3), including variants that programs
write.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Literal

_MOMENT = re.compile(
    r"""(\d{4})-?(\d{2})-?(\d{2})
        (?:[T ]\s*(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$""",
    re.IGNORECASE | re.VERBOSE,
)
_DAY_ALONE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_DURATION = re.compile(
    r"([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$", re.IGNORECASE
)
EARLIEST = datetime(1, 1, 3, tzinfo=UTC)
MAX_DATETIME = datetime(9999, 12, 29, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """A wall-clock time: a date, a UTC time, or a local time in `zone` (None: floating)."""

    at: datetime
    kind: Literal["day", "utc", "local"]
    zone: str | None = None

    @property
    def is_day(self) -> bool:
        return self.kind == "day"


def read_moment(value: str, zone: str | None = None, *, as_day: bool = False) -> Moment | None:
    """Parse a date or time; None if invalid. Second 60 and hour 24 roll over; a trailing T is
    ignored.
    """
    found = _MOMENT.match(value.strip().rstrip("Tt"))
    if found is None:
        return None
    try:
        day = datetime(int(found[1]), int(found[2]), int(found[3]))  # noqa: DTZ001 - wall-clock time
        if as_day or found[4] is None:
            return Moment(day, "day", zone)
        hour, minute, second = int(found[4]), int(found[5]), int(found[6] or 0)
        if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
            return None
        at = day + timedelta(hours=hour, minutes=minute, seconds=second)
        if found[7] is None:
            return Moment(at, "local", zone)
        if found[7].upper() != "Z":
            at -= _offset(found[7])
        return Moment(at, "utc")
    except (ValueError, OverflowError):
        return None


def read_day(value: str) -> date | None:
    """The date of a value whose time is unreadable."""
    found = _DAY_ALONE.match(value.strip())
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def read_duration(value: str) -> timedelta | None:
    """Parse a duration; weeks may be combined with other units. None if invalid."""
    found = _DURATION.match(value.strip().replace(" ", ""))
    if found is None or not any(found.groups()[1:]):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    try:
        length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return timedelta(days=36500)
    return -length if found[1] == "-" else length


def read_offset(value: str) -> timedelta | None:
    """Parse `+0100`, `-05:30` or `+01`; None if invalid."""
    found = re.match(r"([+-])\s*(\d{1,2}):?(\d{2})?(?::?(\d{2}))?$", value.strip())
    if found is None:
        return None
    length = timedelta(hours=int(found[2]), minutes=int(found[3] or 0), seconds=int(found[4] or 0))
    if length >= timedelta(days=1):
        return None
    return -length if found[1] == "-" else length


def in_utc(at: datetime, zone: tzinfo) -> datetime:
    """Convert wall-clock time to UTC; a skipped time uses the offset before the change."""
    try:
        return min(max(at.replace(tzinfo=zone).astimezone(UTC), EARLIEST), MAX_DATETIME)
    except OverflowError:
        return EARLIEST if at.year < 5000 else MAX_DATETIME


def wall_clock(at: datetime, zone: tzinfo) -> datetime:
    """Convert UTC to naive wall-clock time of a zone."""
    try:
        return at.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return at.replace(tzinfo=None)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def fixed(offset: timedelta) -> tzinfo:
    return timezone(offset)


def _offset(text: str) -> timedelta:
    found = read_offset(text)
    if found is None:
        raise ValueError("no offset")
    return found
