"""Pure rules of offered times: starts for a round, and quarters of an hour."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, islice
from zoneinfo import ZoneInfo

from events.core.calendar.public_holidays import DEFAULT_COUNTRY, public_holidays

QUARTER = timedelta(minutes=15)
OFFERED_MINUTES = 30
FIRST_DAY, LAST_DAY = 3, 14  # days after publication, inclusive
MAX_DAYS_AHEAD = 150  # limit when breaks extend the period
FRIDAY, SATURDAY = 4, 5
EVENING = time(19, 30)
# Consecutive days use consecutive entries, so neighbouring days and weeks differ.
DAYPARTS = (time(10, 30), time(16, 0), time(8, 30), time(14, 0), EVENING, time(12, 30))


def offer_times(
    opens_on: datetime,
    zone: str | ZoneInfo,
    *,
    busy: Collection[datetime] = frozenset(),
    country: str = DEFAULT_COUNTRY,
    closed: Collection[date] = frozenset(),
    count: int = 8,
) -> list[datetime]:
    """Up to `count` half-hour starts (UTC), spread over working days 3 to 14 after `opens_on`.

    They are wall times in `zone`, so a clock change does not move them. `busy` holds starts of busy
    quarters (UTC). Public holidays of `country` are left out; `closed` days are skipped and extend
    the fortnight.
    """
    local = ZoneInfo(str(zone))
    published = opens_on.astimezone(local).date()
    days = list(_working_days(published, country, closed))
    starts: list[datetime] = []
    for day, daypart in _interleave(_spread(days, count), days):
        start = _utc_of_wall_time(day, daypart, local)
        if start is None or start in starts or busy_between(start, OFFERED_MINUTES, busy):
            continue
        if day.weekday() == FRIDAY and daypart == EVENING:
            continue
        starts.append(start)
        if len(starts) == count:
            break
    return sorted(starts)


def quarters(starts_at: datetime, minutes: int) -> list[datetime]:
    """Starts (UTC) of every quarter of an hour that a meeting touches."""
    moment = starts_at.astimezone(UTC)
    first = moment - timedelta(
        minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond
    )
    end = moment + timedelta(minutes=minutes)
    touched = []
    while first < end:
        touched.append(first)
        first += QUARTER
    return touched


def busy_between(starts_at: datetime, minutes: int, busy: Collection[datetime]) -> bool:
    """Whether a meeting touches one of these busy quarters."""
    return any(quarter in busy for quarter in quarters(starts_at, minutes))


def is_working_day(day: date, country: str) -> bool:
    """Whether this is no Saturday, Sunday or public holiday."""
    return day.weekday() < SATURDAY and day not in public_holidays(country, day.year)


def _working_days(published: date, country: str, closed: Collection[date]) -> Iterator[date]:
    ahead = (published + timedelta(days=gap) for gap in range(1, MAX_DAYS_AHEAD))
    opened = (day for day in ahead if day not in closed)
    for day in islice(opened, FIRST_DAY - 1, LAST_DAY):
        if is_working_day(day, country):
            yield day


def _spread(days: list[date], count: int) -> list[date]:
    """At most `count` of these days, evenly spaced from first to last."""
    if len(days) <= count:
        return days
    return [days[position * (len(days) - 1) // max(count - 1, 1)] for position in range(count)]


def _interleave(chosen: list[date], days: list[date]) -> Iterator[tuple[date, time]]:
    """Each (day, part of the day): first one part per chosen day, then the rest."""
    for turn in range(len(DAYPARTS)):
        for position, day in enumerate(chosen):
            yield day, DAYPARTS[(position + turn) % len(DAYPARTS)]
    yield from chain.from_iterable(((day, part) for part in DAYPARTS) for day in days if day not in chosen)


def _utc_of_wall_time(day: date, wall: time, zone: ZoneInfo) -> datetime | None:
    """None if the clock change skips that wall time."""
    moment = datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)
    return moment if moment.astimezone(zone).time() == wall else None
