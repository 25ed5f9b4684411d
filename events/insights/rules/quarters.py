"""Quarters and months of a circle's calendar, and how far a quarter is with its goal."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

MIN_ELAPSED = timedelta(weeks=3)  # before that a pace says nothing
MONTHS_SHOWN = 12
LONG = timedelta(days=183)  # without a sign of a member: half a year


@dataclass(frozen=True)
class Progress:
    """Conversations of a quarter against the goal. `state`: none, reached, open, behind, or short: over.

    `expected`: how many it will be at the pace so far, while that is fewer than the goal.
    """

    state: str
    done: int
    goal: int | None = None
    weeks_left: int = 0
    expected: int = 0


def quarter_around(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """The start of the quarter of a day, and of the one after it, by the clocks of a zone."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    return _midnight(first, zone), _midnight(months_later(first, 3), zone)


def month_around(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """The start of the month of a day, and of the one after it, by the clocks of a zone."""
    first = day.replace(day=1)
    return _midnight(first, zone), _midnight(months_later(first, 1), zone)


def months_until(day: date, zone: tzinfo, count: int = MONTHS_SHOWN) -> list[tuple[datetime, datetime]]:
    """The months up to the one of a day, latest first."""
    return [month_around(months_later(day.replace(day=1), -back), zone) for back in range(count)]


def months_later(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def progress(done: int, goal: int | None, first: datetime, after: datetime, now: datetime) -> Progress:
    if goal is None:
        return Progress("none", done)
    if done >= goal:
        return Progress("reached", done, goal)
    if now >= after:
        return Progress("short", done, goal)
    weeks_left = -(-(after - now) // timedelta(weeks=1))
    elapsed = now - first
    if elapsed < MIN_ELAPSED:
        return Progress("open", done, goal, weeks_left)
    expected = round(done * ((after - first) / elapsed))
    return Progress("behind" if expected < goal else "open", done, goal, weeks_left, expected)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
