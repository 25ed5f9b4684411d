"""Working days of a circle: no Saturday, Sunday, public holiday or day of its break."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

from events.availability.rules.slots import is_working_day


@dataclass(frozen=True)
class WorkingDays:
    """`zone` decides which day it is; `closed` holds the days of the circle's breaks."""

    zone: str
    country: str
    closed: frozenset[date] = frozenset()

    @property
    def local(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def includes(self, day: date) -> bool:
        return day not in self.closed and is_working_day(day, self.country)

    def later(self, day: date, days: int) -> date:
        """The working day that comes `days` working days after `day`."""
        return self._stepped(day, days, lambda gap: timedelta(days=gap))

    def earlier(self, day: date, days: int) -> date:
        return self._stepped(day, days, lambda gap: -timedelta(days=gap))

    def _stepped(self, day: date, days: int, gap_of: Callable[[int], timedelta]) -> date:
        counted = (one for gap in count(1) if self.includes(one := day + gap_of(gap)))
        return next(islice(counted, days - 1, None))
