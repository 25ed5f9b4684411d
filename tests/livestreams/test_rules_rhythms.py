"""Days of a rhythm: weekdays, month ends, fifth weekdays, and hours across changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.livestreams.rules.rhythms import (
    ANNOUNCE_CHOICES,
    RHYTHMS,
    announcements,
    days_of,
    next_like,
    ordinal_of,
    rhythms_of,
    same_weekday_next_month,
    start_on,
)

DAYS = st.dates(date(2024, 1, 1), date(2034, 12, 31))
ZONES = st.sampled_from(["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "UTC"])
HOURS = st.times().map(lambda hour: hour.replace(second=0, microsecond=0))
WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("first", "rhythm", "count", "expected"),
    [
        ("2026-12-03", "monthly", 4, ["2026-12-03", "2027-01-07", "2027-02-04", "2027-03-04"]),
        ("2026-12-08", "fortnightly", 3, ["2026-12-08", "2026-12-22", "2027-01-05"]),
        ("2026-12-31", "monthly_last", 3, ["2026-12-31", "2027-01-28", "2027-02-25"]),
        ("2027-01-29", "monthly_last", 4, ["2027-01-29", "2027-02-26", "2027-03-26", "2027-04-30"]),
        ("2026-10-22", "weekly", 2, ["2026-10-22", "2026-10-29"]),
    ],
)
def test_the_days_of_a_rhythm(first: str, rhythm: str, count: int, expected: list[str]) -> None:
    assert days_of(date.fromisoformat(first), rhythm, count) == list(map(date.fromisoformat, expected))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-12-15", "2027-01-19"),  # third Tuesdays
        ("2026-12-31", "2027-01-28"),  # a fifth Thursday becomes the last
        ("2027-01-31", "2027-02-28"),
        ("2026-11-30", "2026-12-28"),
        ("2028-01-31", "2028-02-28"),  # a leap year
    ],
)
def test_the_same_weekday_of_the_next_month(day: str, expected: str) -> None:
    assert same_weekday_next_month(date.fromisoformat(day)) == date.fromisoformat(expected)


@given(first=DAYS, rhythm=st.sampled_from(RHYTHMS), count=st.integers(1, 60))
def test_a_series_keeps_its_weekday_and_ends_within_a_year(first: date, rhythm: str, count: int) -> None:
    days = days_of(first, rhythm, count)
    assert days[0] == first
    assert days == sorted(set(days))
    assert {day.weekday() for day in days} == {first.weekday()}
    assert days[-1] - first <= timedelta(days=365)
    if rhythm.startswith("monthly"):
        months = [day.year * 12 + day.month for day in days]
        assert months == list(range(months[0], months[0] + len(months))), "one in each month"


@given(first=DAYS, count=st.integers(2, 12))
def test_offered_rhythms_keep_their_place_in_the_month(first: date, count: int) -> None:
    for rhythm in rhythms_of(first):
        days = days_of(first, rhythm, count)
        if rhythm == "monthly":
            assert {ordinal_of(day) for day in days} == {ordinal_of(first)}
        if rhythm == "monthly_last":
            assert all((day + WEEK).month != day.month for day in days)


@given(day=DAYS, today=DAYS)
def test_a_copy_falls_after_today_and_after_the_first(day: date, today: date) -> None:
    found = next_like(day, today)
    assert found > max(day, today)
    assert found.weekday() == day.weekday()
    assert found - max(day, today) <= timedelta(days=63)


@given(day=DAYS, hour=HOURS, zone=ZONES)
def test_the_hour_on_the_clock_stays_the_same_all_year(day: date, hour: time, zone: str) -> None:
    local = start_on(day, hour, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    late = local - datetime.combine(day, hour)
    assert late in {timedelta(0), timedelta(minutes=30), timedelta(hours=1)}  # skipped in spring
    if hour.hour > 3:
        assert late == timedelta(0)


def test_an_hour_that_the_clock_skips_is_the_one_after() -> None:
    assert start_on(date(2027, 3, 28), time(2, 30), "Europe/Amsterdam") == datetime(
        2027, 3, 28, 1, 30, tzinfo=UTC
    )


@given(first=DAYS, rhythm=st.sampled_from(RHYTHMS), days=st.sampled_from(ANNOUNCE_CHOICES), zone=ZONES)
def test_announcements_come_one_at_a_time_and_before_the_evening(
    first: date, rhythm: str, days: int, zone: str
) -> None:
    starts = [start_on(day, time(20), zone) for day in days_of(first, rhythm, 12)]
    told = announcements(starts, days, zone)
    for place, (at, start) in enumerate(zip(told, starts, strict=True)):
        assert at < start
        assert start - at <= timedelta(days=days + 1)
        if place:
            assert starts[place - 1] < at


def test_a_monthly_evening_is_announced_three_weeks_ahead_in_the_morning() -> None:
    starts = [start_on(date(2027, 1, 7), time(20), "Europe/Amsterdam")]
    assert announcements(starts, 21, "Europe/Amsterdam") == [datetime(2026, 12, 17, 8, 0, tzinfo=UTC)]
