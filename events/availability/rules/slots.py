"""Time itself: which starts a round offers, quarters of an hour, and the days on which nobody is asked."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, islice
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)
OFFERED_MINUTES = 30
FIRST_DAY, LAST_DAY = 3, 14  # days after publication, both included
MAX_DAYS_AHEAD = 150  # a break may push them further, but no further than this
FRIDAY, SATURDAY = 4, 5
EVENING = time(19, 30)
# Consecutive days take consecutive entries, so that neighbours differ and a week later differs again.
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
    """Up to `count` starts of half an hour, in UTC, spread over the working days 3 to 14 after `opens_on`.

    They are wall times in `zone`, so a change of the clocks does not move them. `busy` holds starts of
    quarters (UTC) that are not free; without `holidays` the Dutch ones count. Days that are `closed` for a
    break are passed over as though they did not exist: the fortnight goes on after them.
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
    """The starts of every quarter of an hour that a meeting touches, in UTC."""
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
    """Whether a meeting would touch one of these busy quarters."""
    return any(quarter in busy for quarter in quarters(starts_at, minutes))


def dutch_holidays(year: int) -> frozenset[date]:
    """The days on which the Netherlands does not plan meetings: fixed ones and those around Easter."""
    easter = easter_sunday(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == SATURDAY + 1:
        kings_day -= timedelta(days=1)
    fixed = {date(year, 1, 1), kings_day, date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)}
    # Good Friday, both days of Easter, Ascension, both days of Whitsun.
    return frozenset(fixed | {easter + timedelta(days=gap) for gap in (-2, 0, 1, 39, 49, 50)})


def easter_sunday(year: int) -> date:
    """Easter in the Gregorian calendar, by the rule of Meeus, Jones and Butcher."""
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
    """At most `count` of these days, evenly from the first to the last."""
    if len(days) <= count:
        return days
    return [days[position * (len(days) - 1) // max(count - 1, 1)] for position in range(count)]


def _interleave(chosen: list[date], days: list[date]) -> Iterator[tuple[date, time]]:
    """Every day with every part of it: first one part a day over the chosen days, then what is left."""
    for turn in range(len(DAYPARTS)):
        for position, day in enumerate(chosen):
            yield day, DAYPARTS[(position + turn) % len(DAYPARTS)]
    yield from chain.from_iterable(((day, part) for part in DAYPARTS) for day in days if day not in chosen)


def _utc_of_wall_time(day: date, wall: time, zone: ZoneInfo) -> datetime | None:
    """That wall time as a moment; None when the clocks jump over it."""
    moment = datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)
    return moment if moment.astimezone(zone).time() == wall else None
