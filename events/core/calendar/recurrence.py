"""Recurrence rules (RRULE, EXRULE) of untrusted calendars: tolerant parsing, bounded expansion.

A rule with an unreadable part is unclear; it counts every day at the time of its first occurrence,
since an unclear time counts as busy.
"""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

from dateutil.rrule import DAILY, HOURLY, MINUTELY, MONTHLY, SECONDLY, WEEKLY, YEARLY, rrule, weekday

from events.core.calendar.ical_values import Moment, read_moment

MAX_OCCURRENCES = 3_000  # of one series in the window
MAX_STEPS = 100_000  # of a series expanded from its start
MAX_INTERVAL = 100_000
MAX_CPU_SECONDS = 0.5  # for one series
FREQUENCIES = {
    "YEARLY": YEARLY,
    "MONTHLY": MONTHLY,
    "WEEKLY": WEEKLY,
    "DAILY": DAILY,
    "HOURLY": HOURLY,
    "MINUTELY": MINUTELY,
    "SECONDLY": SECONDLY,
}
_STEP = {
    WEEKLY: timedelta(weeks=1),
    DAILY: timedelta(days=1),
    HOURLY: timedelta(hours=1),
    MINUTELY: timedelta(minutes=1),
    SECONDLY: timedelta(seconds=1),
}
_NUMBERS = {
    "BYMONTH": ("bymonth", 1, 12),
    "BYMONTHDAY": ("bymonthday", -31, 31),
    "BYYEARDAY": ("byyearday", -366, 366),
    "BYWEEKNO": ("byweekno", -53, 53),
    "BYSETPOS": ("bysetpos", -366, 366),
    "BYHOUR": ("byhour", 0, 23),
    "BYMINUTE": ("byminute", 0, 59),
    "BYSECOND": ("bysecond", 0, 60),
}
_TIMES = {"byhour", "byminute", "bysecond"}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$")
_SAID_ELSEWHERE = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "RSCALE", "SKIP"}


class TooOften(Exception):
    """A series with more than MAX_OCCURRENCES."""


class TooSlow(Exception):
    """A series that takes more than MAX_CPU_SECONDS."""


@dataclass
class Rule:
    """A parsed rule; `options` are dateutil's. If it is not `clear`, only `until` holds."""

    frequency: int = DAILY
    interval: int = 1
    count: int | None = None
    until: Moment | None = None
    options: dict[str, Any] = field(default_factory=dict)
    clear: bool = True


def read_rule(text: str) -> Rule:
    """Parse each part by itself; spaces, duplicates and empty values are ignored."""
    rule = Rule()
    parts: dict[str, str] = {}
    for part in re.sub(r"\s", "", text).upper().split(";"):
        name, _equals, value = part.partition("=")
        if value:
            parts.setdefault(name, value)
    frequency = FREQUENCIES.get(parts.get("FREQ", ""))
    rule.clear = frequency is not None and parts.get("RSCALE", "GREGORIAN") in {"GREGORIAN", "GREGORY"}
    rule.frequency = frequency if frequency is not None else DAILY
    rule.interval = _number(parts.get("INTERVAL", "1"), 1, MAX_INTERVAL) or _odd_interval(parts, rule)
    if "COUNT" in parts:
        rule.count = _number(parts["COUNT"], 1, 10**18)
        rule.clear &= rule.count is not None
    if "UNTIL" in parts:
        rule.until = read_moment(parts["UNTIL"])
        rule.clear &= rule.until is not None
    if parts.get("WKST") in _DAYS:
        rule.options["wkst"] = _DAYS.index(parts["WKST"])
    if "BYDAY" in parts:
        days = [_DAY.match(one) for one in parts["BYDAY"].split(",") if one]
        rule.clear &= bool(days) and None not in days
        counted = rule.frequency in {MONTHLY, YEARLY}
        rule.options["byweekday"] = [
            weekday(_DAYS.index(day[2]), int(day[1]) if day[1] and int(day[1]) and counted else None)
            for day in days
            if day is not None
        ]
    for name, (option, least, most) in _NUMBERS.items():
        if name in parts:
            numbers = [_number(one, least, most) for one in parts[name].split(",") if one]
            rule.clear &= bool(numbers) and None not in numbers
            rule.options[option] = [
                min(one, 59) if option == "bysecond" else one for one in numbers if one is not None
            ]
    return rule


def occurrences(
    rule: Rule,
    start: Moment,
    until: datetime | None,
    first: datetime,
    last: datetime,
    *,
    excluded: bool = False,
) -> Iterator[datetime]:
    """Wall-clock starts from `first` to `last`, ordered. `until` is UNTIL on the same clock.

    The first occurrence is `start` whatever the rule says, except for an EXRULE (`excluded`).
    Raises TooOften or TooSlow.
    """
    end = last if until is None else min(last, until)
    if start.at > end:
        return
    options = {name: value for name, value in rule.options.items() if not (start.is_day and name in _TIMES)}
    frequency, interval, count = rule.frequency, rule.interval, rule.count
    if start.is_day and frequency in {HOURLY, MINUTELY, SECONDLY}:
        frequency, interval = DAILY, 1
    if not rule.clear:
        frequency, interval, count, options = DAILY, 1, None, {}
    begin = start.at
    step = _STEP.get(frequency)
    if count is None and step is not None and first - begin > step * interval:
        begin += (first - begin) // (step * interval) * step * interval
    if first <= start.at and not excluded:
        yield start.at
    found = 0
    with _cpu_limit():
        steps = enumerate(
            rrule(frequency, dtstart=begin, interval=interval, count=count, cache=False, **options)
        )
        for number, at in steps:
            if at > end:
                return
            if first <= at and (excluded or at != start.at):
                found += 1
                yield at
            if found > MAX_OCCURRENCES or number > MAX_STEPS:
                raise TooOften


def _number(text: str, least: int, most: int) -> int | None:
    """An integer within bounds, zero only if the range starts there; accepts `1.0`."""
    found = re.match(r"([+-]?\d{1,18})(?:\.0*)?$", text)
    number = int(found[1]) if found else None
    if number is None or not least <= number <= most or (number == 0 and least < 0):
        return None
    return number


def _odd_interval(parts: dict[str, str], rule: Rule) -> int:
    """A huge interval leaves the first occurrence; any other invalid one is unclear."""
    if re.match(r"\+?\d{6,}$", parts["INTERVAL"]) and int(parts["INTERVAL"]) > MAX_INTERVAL:
        rule.count = 1
        return 1
    rule.clear = False
    return 1


@contextmanager
def _cpu_limit() -> Iterator[None]:
    """Raise TooSlow after MAX_CPU_SECONDS: some rules never match and would run to the year 9999.

    Uses signals, so it works in the main thread only, where a child process runs.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MAX_CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
