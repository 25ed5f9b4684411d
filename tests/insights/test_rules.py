"""Report counts: true to the rows, and absent where a total would identify a person."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.insights.rules import figures as rules

EIGHT = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_the_funnel_keeps_its_order_and_measures_by_the_widest_step() -> None:
    steps = rules.funnel({"registered": 38, "came": 31, "met": 16, "worth_it": None})
    assert [(step.name, step.count, step.share) for step in steps] == [
        ("registered", 38, 100),
        ("came", 31, 82),
        ("met", 16, 42),
    ]


def test_an_empty_funnel_divides_by_nothing() -> None:
    assert [step.share for step in rules.funnel({"registered": 0, "came": 0})] == [0, 0]


@pytest.mark.parametrize(
    ("answers", "told"),
    [([], None), ([True, False, True], None), ([True] * 4, 4), ([True, False, False, True, True], 3)],
)
def test_ratings_are_shown_only_when_they_identify_no_one(answers: list[bool], told: int | None) -> None:
    assert rules.worth_it(len(answers), sum(answers)) == told


def test_the_curve_counts_viewers_at_each_point() -> None:
    half = EIGHT + HOUR / 2
    points = rules.curve([[(EIGHT, EIGHT + HOUR)], [(EIGHT, half)]], EIGHT, EIGHT + HOUR, points=3)
    assert [point.viewers for point in points] == [2, 2, 1]
    assert rules.peak(points) == points[0]


def test_nobody_there_has_no_peak() -> None:
    assert rules.peak(rules.curve([], EIGHT, EIGHT + HOUR)) is None
    assert rules.curve([[(EIGHT, EIGHT)]], EIGHT, EIGHT) == []


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=20))
def test_the_curve_never_counts_more_than_came(stays: list[tuple[int, int]]) -> None:
    attendance = [
        [(EIGHT + timedelta(minutes=min(pair)), EIGHT + timedelta(minutes=max(pair)))] for pair in stays
    ]
    points = rules.curve(attendance, EIGHT, EIGHT + HOUR)
    assert all(0 <= point.viewers <= len(stays) for point in points)
    assert len(points) == rules.POINTS


def test_the_path_stays_inside_its_box() -> None:
    points = rules.curve([[(EIGHT, EIGHT + HOUR)]], EIGHT, EIGHT + HOUR, points=3)
    assert rules.path(points, 400, 130) == "M0 0 L200 0 L400 0"
