"""Intervals of stays, their union, and the displayed count."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.presence.rules import HEARTBEAT_TTL, displayed_count, interval_of, merge_intervals

START = datetime(2026, 12, 3, 19, 0, tzinfo=UTC)
SECONDS = st.integers(min_value=0, max_value=1200)

# A busy machine must not fail a deadline.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def at(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


@st.composite
def stays(draw: st.DrawFn) -> list[tuple[datetime, datetime]]:
    pairs = draw(st.lists(st.tuples(SECONDS, SECONDS), max_size=12))
    return [(at(min(pair)), at(max(pair))) for pair in pairs if pair[0] != pair[1]]


def seconds_of(intervals: list[tuple[datetime, datetime]]) -> set[int]:
    return {
        second
        for start, end in intervals
        for second in range(int((start - START).total_seconds()), int((end - START).total_seconds()))
    }


@patient
@given(stays())
def test_merging_keeps_every_second_and_adds_none(given_stays: list[tuple[datetime, datetime]]) -> None:
    assert seconds_of(merge_intervals(given_stays)) == seconds_of(given_stays)


@patient
@given(stays())
def test_merged_intervals_are_in_order_and_never_touch(
    given_stays: list[tuple[datetime, datetime]],
) -> None:
    merged = merge_intervals(given_stays)
    assert all(interval[1] < other[0] for interval, other in pairwise(merged))


@patient
@given(stays(), st.randoms(use_true_random=False))
def test_the_order_of_tabs_does_not_matter(
    given_stays: list[tuple[datetime, datetime]], chance: Random
) -> None:
    shuffled = list(given_stays)
    chance.shuffle(shuffled)
    assert merge_intervals(shuffled) == merge_intervals(given_stays)


@patient
@given(stays())
def test_merging_twice_changes_nothing(given_stays: list[tuple[datetime, datetime]]) -> None:
    assert merge_intervals(merge_intervals(given_stays)) == merge_intervals(given_stays)


@patient
@given(stays())
def test_a_second_tab_never_adds_minutes(given_stays: list[tuple[datetime, datetime]]) -> None:
    assert merge_intervals(given_stays * 2) == merge_intervals(given_stays)


def test_two_devices_at_once_count_once() -> None:
    merged = merge_intervals([(at(0), at(1800)), (at(600), at(2400))])
    assert merged == [(at(0), at(2400))]


def test_a_break_is_not_watched() -> None:
    apart = [(at(0), at(600)), (at(1200), at(1800))]
    assert merge_intervals(apart) == apart


def test_a_stay_without_a_departure_ends_at_the_last_heartbeat() -> None:
    assert interval_of(at(0), at(600), None, None) == (at(0), at(600))
    assert interval_of(at(0), at(600), None, at(3600)) == (at(0), at(600))


def test_a_stay_with_a_recent_heartbeat_ends_with_the_livestream() -> None:
    seen = at(3600) - HEARTBEAT_TTL + timedelta(seconds=1)
    assert interval_of(at(0), seen, None, at(3600)) == (at(0), at(3600))


def test_nothing_counts_after_the_end() -> None:
    assert interval_of(at(0), at(3590), at(9000), at(3600)) == (at(0), at(3600))
    assert interval_of(at(4000), at(4100), at(4200), at(3600)) is None


def test_small_rooms_are_counted_exactly_and_large_ones_in_steps() -> None:
    assert [displayed_count(count) for count in (0, 1, 49, 50, 59, 60, 199, 249, 999, 1049)] == [
        0, 1, 49, 50, 50, 60, 190, 200, 950, 1000,
    ]  # fmt: skip


@patient
@given(st.integers(min_value=0, max_value=100_000))
def test_the_displayed_count_never_exceeds_the_real_one(count: int) -> None:
    assert 0 <= displayed_count(count) <= count
    assert displayed_count(displayed_count(count)) == displayed_count(count)
