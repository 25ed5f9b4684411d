"""Tests of a round's timeline: closing, publication and times."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from events.rounds.models import Round
from events.rounds.rules import benefit, timeline

ZONE = "Europe/Amsterdam"
LOCAL = ZoneInfo(ZONE)


def make_plan(opened_at: datetime) -> Round:
    closes_at = timeline.closes_after(opened_at, ZONE)
    publish_at = timeline.published_after(closes_at, ZONE, "NL")
    return Round(
        state="open",
        opened_at=opened_at,
        closes_at=closes_at,
        publish_at=publish_at,
        times=timeline.times_after(publish_at, ZONE, "NL"),
    )


def test_a_round_closes_five_days_later_at_noon_and_is_published_the_next_working_day() -> None:
    tuesday = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    round_ = make_plan(tuesday)
    assert round_.closes_at == datetime(2026, 11, 29, 12, 0, tzinfo=LOCAL)
    assert round_.publish_at == datetime(2026, 11, 30, 12, 0, tzinfo=LOCAL)


def test_nothing_is_published_at_christmas() -> None:
    round_ = make_plan(datetime(2026, 12, 19, 20, 0, tzinfo=UTC))
    assert round_.closes_at == datetime(2026, 12, 24, 12, 0, tzinfo=LOCAL)
    assert round_.publish_at == datetime(2026, 12, 28, 12, 0, tzinfo=LOCAL)


def test_publication_waits_for_a_working_day_in_the_circles_country() -> None:
    closes_at = datetime(2026, 7, 20, 12, tzinfo=LOCAL)  # the day before the Belgian national holiday
    published = {country: timeline.published_after(closes_at, ZONE, country).day for country in ("NL", "BE")}
    assert published == {"NL": 21, "BE": 22}


@pytest.mark.parametrize(
    "opened_at", [datetime(2026, 3, 24, 20, tzinfo=UTC), datetime(2026, 10, 20, 19, tzinfo=UTC)]
)
def test_noon_stays_noon_over_a_change_of_the_clocks(opened_at: datetime) -> None:
    round_ = make_plan(opened_at)
    assert round_.closes_at.astimezone(LOCAL).hour == 12
    assert round_.publish_at.astimezone(LOCAL).hour == 12


def test_eight_times_lie_three_to_fourteen_days_after_publication() -> None:
    round_ = make_plan(datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
    times = [timeline.parse_time(text) for text in round_.times]
    assert len(times) == 8
    assert all(one < other for one, other in pairwise(times))
    gaps = [
        (start.astimezone(LOCAL).date() - round_.publish_at.astimezone(LOCAL).date()).days for start in times
    ]
    assert min(gaps) >= 3
    assert max(gaps) <= 14


def test_a_recording_leaves_two_days_to_watch_and_never_shortens() -> None:
    round_ = make_plan(datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
    early = round_.opened_at + timedelta(days=1)
    late = round_.opened_at + timedelta(days=4, hours=20)
    assert timeline.closes_with_recording(round_, early) == round_.closes_at
    assert timeline.closes_with_recording(round_, late) == late + timedelta(hours=48)


def test_a_round_is_never_open_for_more_than_two_weeks() -> None:
    round_ = make_plan(datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
    much_later = round_.opened_at + timedelta(days=13, hours=20)
    assert timeline.closes_with_recording(round_, much_later) == round_.opened_at + timedelta(days=14)


def test_moving_keeps_the_times_that_are_still_late_enough() -> None:
    round_ = make_plan(datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
    publish_at = round_.publish_at + timedelta(days=2)
    times = timeline.times_after(publish_at, ZONE, "NL", kept=round_.times)
    still = [
        text
        for text in round_.times
        if timeline.parse_time(text) >= publish_at + timeline.MIN_AFTER_PUBLICATION
    ]
    assert still
    assert set(still) <= set(times)
    assert len(times) == len(set(times)) == 8
    assert min(map(timeline.parse_time, times)) >= publish_at + timeline.MIN_AFTER_PUBLICATION


def test_asks_that_are_met_are_worth_most_and_no_coffee_is_worth_nothing() -> None:
    fresh = benefit.benefit([{"code": "new"}])
    shared = benefit.benefit([{"code": "both_came"}])
    met = benefit.benefit([{"code": "offers"}])
    everything = benefit.benefit([{"code": "offers"}] * 5 + [{"code": "shared_topic"}] * 5)
    assert 0 < fresh < shared < met < everything  # no ceiling on asks that are met
    assert benefit.benefit([{"code": "asks"}]) == fresh
