"""Quarters of a circle's calendar, and honest words about a goal."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from events.insights.rules import quarters

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FIRST, AFTER = quarters.quarter_around(date(2026, 11, 30), AMSTERDAM)


def test_a_quarter_begins_at_midnight_of_the_circle() -> None:
    assert FIRST.astimezone(UTC) == datetime(2026, 9, 30, 22, tzinfo=UTC)  # summer time
    assert AFTER.astimezone(UTC) == datetime(2026, 12, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(("month", "begins"), [(1, 1), (3, 1), (4, 4), (9, 7), (12, 10)])
def test_each_month_has_its_quarter(month: int, begins: int) -> None:
    assert quarters.quarter_around(date(2026, month, 30), AMSTERDAM)[0].month == begins


def test_the_months_go_back_over_the_turn_of_the_year() -> None:
    months = quarters.months_until(date(2027, 1, 31), AMSTERDAM, 3)
    assert [first.date() for first, _after in months] == [
        date(2027, 1, 1),
        date(2026, 12, 1),
        date(2026, 11, 1),
    ]


@pytest.mark.parametrize(
    ("done", "goal", "days", "state", "expected"),
    [
        (3, None, 40, "none", 0),
        (0, 20, 5, "open", 0),  # too early for a pace
        (0, 20, 46, "behind", 0),
        (9, 20, 46, "behind", 18),
        (10, 20, 46, "open", 20),
        (20, 20, 46, "reached", 0),
        (21, 20, 100, "reached", 0),
        (19, 20, 100, "short", 0),
    ],
)
def test_a_quarter_says_where_it_stands(
    done: int, goal: int | None, days: int, state: str, expected: int
) -> None:
    found = quarters.progress(done, goal, FIRST, AFTER, FIRST + timedelta(days=days))
    assert (found.state, found.expected, found.done) == (state, expected, done)
    assert found.weeks_left == (-(-(92 - days) // 7) if state in {"open", "behind"} else 0)
