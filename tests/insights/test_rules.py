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
    assert [(step.name, step.count, step.share, step.told) for step in steps] == [
        ("registered", 38, 100, True),
        ("came", 31, 82, True),
        ("met", 16, 42, True),
    ]


@pytest.mark.parametrize(("people", "told"), [(3, False), (4, True)])
def test_percentages_are_told_from_four_people_on(people: int, told: bool) -> None:
    assert {step.told for step in rules.funnel({"registered": 1, "came": people})} == {told}


def test_an_empty_funnel_divides_by_nothing() -> None:
    assert [step.share for step in rules.funnel({"registered": 0, "came": 0})] == [0, 0]


@pytest.mark.parametrize(
    ("answers", "told"),
    [([], None), ([True, False, True], None), ([True] * 4, 4), ([True, False, False, True, True], 3)],
)
def test_ratings_are_shown_only_when_they_identify_no_one(answers: list[bool], told: int | None) -> None:
    assert rules.worth_it(len(answers), sum(answers)) == told


def test_the_curve_counts_viewers_at_each_moment() -> None:
    at = rules.moments(EIGHT, EIGHT + HOUR, points=3)
    points = rules.curve([(0, 3, 1), (0, 2, 1)], at)
    assert [point.viewers for point in points] == [2, 2, 1]
    assert rules.peak(points) == points[0]


def test_nobody_there_has_no_peak() -> None:
    assert rules.peak(rules.curve([], rules.moments(EIGHT, EIGHT + HOUR))) is None
    assert rules.moments(EIGHT, EIGHT) == []
    assert rules.curve([], []) == []


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=20))
def test_the_curve_never_counts_more_than_came(stays: list[tuple[int, int]]) -> None:
    at = rules.moments(EIGHT, EIGHT + HOUR)
    points = rules.curve([(came // 2, gone // 2, 1) for came, gone in stays], at)
    assert all(0 <= point.viewers <= len(stays) for point in points)
    assert len(points) == rules.POINTS


def test_changed_messages_are_not_counted_as_messages() -> None:
    at = rules.moments(EIGHT, EIGHT + HOUR, points=3)
    changes = rules.spread([EIGHT, EIGHT + HOUR / 2, EIGHT + HOUR, EIGHT + 2 * HOUR], at)
    assert changes == [1, 1, 0]
    assert rules.messages([4, 10, 12], changes) == [5, 1, 0]
    assert rules.messages([], []) == []


def test_a_quiet_chat_was_never_busiest() -> None:
    assert rules.busiest([]) is None
    assert rules.busiest([0, 0]) is None
    assert rules.busiest([0, 3, 3]) == 1


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(3, 10, None), (4, 10, 40), (10, 10, 100), (5, 4, None), (0, 0, None)]
)
def test_a_share_is_told_from_four_people_on(part: int, whole: int, share: int | None) -> None:
    assert rules.share_of(part, whole) == share


@pytest.mark.parametrize(
    ("state", "elsewhere", "phase"),
    [
        ("announced", False, "to_come"),
        ("lobby", False, "to_come"),
        ("paused", False, "on"),
        ("replay", False, "over"),
        ("ended", True, "elsewhere"),
        ("cancelled", False, "cancelled"),
        ("missed", False, "missed"),
    ],
)
def test_a_report_says_of_an_evening_what_is_known(state: str, elsewhere: bool, phase: str) -> None:
    assert rules.phase(state, held_elsewhere=elsewhere) == phase
