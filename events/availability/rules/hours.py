"""Pure rules of usual hours: hours of the week in wall time, margins, days off and notice.

An hour of the week is a number: Monday 00:00 is 0, Sunday 23:00 is 167. It is wall time, so nine
o'clock stays nine o'clock over a clock change.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from events.availability.rules.slots import QUARTER, busy_between, quarters

HOURS_A_WEEK = 7 * 24
OFFICE = frozenset(day * 24 + hour for day in range(5) for hour in range(9, 17))
STEP = 30  # minutes between offered starts


@dataclass(frozen=True)
class WeeklyAvailability:
    """A person's stored hours. Empty `hours` means unknown: any hour may suit.

    `off` holds (first, last) days, both included; `before` and `after` are minutes around a
    meeting, `notice` is the minimum time ahead.
    """

    zone: str
    hours: frozenset[int] = frozenset()
    off: tuple[tuple[date, date], ...] = ()
    before: int = 0
    after: int = 0
    notice: timedelta = timedelta(0)


def is_off(habits: WeeklyAvailability, day: date) -> bool:
    return any(first <= day <= last for first, last in habits.off)


def within_usual_hours(habits: WeeklyAvailability, starts_at: datetime, minutes: int) -> bool:
    """Whether the whole meeting is in usual hours and on no day off, in that person's zone."""
    zone = ZoneInfo(habits.zone)
    touched = [quarter.astimezone(zone) for quarter in quarters(starts_at, minutes)]
    usual = not habits.hours or all(hour_of_week(local) in habits.hours for local in touched)
    return usual and not any(is_off(habits, local.date()) for local in touched)


def free_starts(
    habits: WeeklyAvailability,
    start: datetime,
    end: datetime,
    minutes: int,
    *,
    busy: Collection[datetime],
    holidays: Collection[date] = frozenset(),
) -> Iterator[datetime]:
    """Half-hour starts on that person's clock at which the meeting and its margins fit.

    `busy` holds starts of busy quarters (UTC).
    """
    zone = ZoneInfo(habits.zone)
    for moment in _by_quarters(start, end - timedelta(minutes=minutes)):
        local = moment.astimezone(zone)
        if local.minute % STEP or local.date() in holidays or not within_usual_hours(habits, moment, minutes):
            continue
        if not conflicts(habits, moment, minutes, busy):
            yield moment


def conflicts(
    habits: WeeklyAvailability, starts_at: datetime, minutes: int, busy: Collection[datetime]
) -> bool:
    """Whether the meeting with its margins touches a busy quarter."""
    opens = starts_at - timedelta(minutes=habits.before)
    return busy_between(opens, habits.before + minutes + habits.after, busy)


def hour_of_week(local: datetime) -> int:
    return local.weekday() * 24 + local.hour


def whole_hours(numbers: Iterable[int]) -> list[int]:
    """Sorted, without duplicates."""
    return sorted({number for number in numbers if 0 <= number < HOURS_A_WEEK})


def _by_quarters(start: datetime, last: datetime) -> Iterator[datetime]:
    """Starts of quarters from `start` to `last`, both included."""
    first = quarters(start, 1)[0]
    moment = first if first >= start else first + QUARTER
    while moment <= last:
        yield moment
        moment += QUARTER
