"""Pure rules of offered times: starts for a round, quarters of an hour, and holidays."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, islice
from zoneinfo import ZoneInfo

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
    holidays: Collection[date] | None = None,
    closed: Collection[date] = frozenset(),
    count: int = 8,
) -> list[datetime]:
    """Up to `count` half-hour starts (UTC), spread over working days 3 to 14 after `opens_on`.

    They are wall times in `zone`, so a clock change does not move them. `busy` holds starts of busy
    quarters (UTC); without `holidays` the Dutch ones count. `closed` days are skipped and extend
    the fortnight.
    """
    local = ZoneInfo(str(zone))
    published = opens_on.astimezone(local).date()
    days = list(_working_days(published, holidays, closed))
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


def dutch_holidays(year: int) -> frozenset[date]:
    """Dutch public holidays: fixed ones and those around Easter."""
    easter = easter_sunday(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == SATURDAY + 1:
        kings_day -= timedelta(days=1)
    fixed = {date(year, 1, 1), kings_day, date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)}
    # Good Friday, both days of Easter, Ascension, both days of Whitsun.
    return frozenset(fixed | {easter + timedelta(days=gap) for gap in (-2, 0, 1, 39, 49, 50)})


def easter_sunday(year: int) -> date:
    """Gregorian Easter, by the Meeus/Jones/Butcher algorithm."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leaps, of_four = divmod(century, 4)
    moon_shift = (8 * century + 13) // 25
    epact = (19 * golden + century - leaps - moon_shift + 15) % 30
    weekday = (32 + 2 * of_four + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 19 * weekday) // 433
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _working_days(
    published: date, holidays: Collection[date] | None, closed: Collection[date]
) -> Iterator[date]:
    ahead = (published + timedelta(days=gap) for gap in range(1, MAX_DAYS_AHEAD))
    opened = (day for day in ahead if day not in closed)
    for day in islice(opened, FIRST_DAY - 1, LAST_DAY):
        free = dutch_holidays(day.year) if holidays is None else holidays
        if day.weekday() < SATURDAY and day not in free:
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
