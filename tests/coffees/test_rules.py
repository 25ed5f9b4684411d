"""Tests of the pure rules of coffees."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from events.availability.rules.working_days import WorkingDays
from events.coffees import rules

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("took_place", "state"),
    [
        ([None, None], "confirmed"),
        ([True, None], "met"),
        ([None, True], "met"),
        ([True, True], "met"),
        ([False, None], "confirmed"),
        ([False, False], "missed"),
        ([True, False], "confirmed"),
        ([None, None, None], "confirmed"),
        ([True, None, None], "met"),
        ([True, False, None], "confirmed"),
        ([True, True, False], "met"),
        ([True, True, True], "met"),
        ([False, False, None], "confirmed"),
        ([False, False, False], "missed"),
        ([True, False, False], "confirmed"),
        ([], "confirmed"),
    ],
)
def test_the_state_follows_from_all_outcomes(took_place: list[bool | None], state: str) -> None:
    assert rules.state_after(took_place) == state


def test_only_a_mutual_wish_to_meet_again_makes_a_pair() -> None:
    assert rules.mutual_pairs({"a": True, "b": None}) == set()
    assert rules.mutual_pairs({"a": True, "b": False}) == set()
    assert rules.mutual_pairs({"a": True, "b": True, "c": False}) == {frozenset({"a", "b"})}


@pytest.mark.parametrize("minute", [0, 28, 59])
@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "Asia/Kolkata", "America/St_Johns"])
@pytest.mark.parametrize("days", [rules.ANSWER_DAYS, rules.INVITATION_DAYS])
def test_the_response_deadline_is_noon_in_the_circles_zone(minute: int, zone: str, days: int) -> None:
    now = NOW.replace(minute=minute)
    until = rules.answer_until(now, now + timedelta(days=20), WorkingDays(zone, "NL"), days)
    local = until.astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute, local.second) == (12, 0, 0)
    weekend = 2 if days > 4 else 0
    assert local.date() - now.astimezone(ZoneInfo(zone)).date() == timedelta(days=days + weekend)


@pytest.mark.parametrize(
    ("asked", "closed", "until", "nudge"),
    [
        ("2026-11-25 09:00", [], "2026-11-27 12:00", "2026-11-26 12:00"),  # from Wednesday to Friday
        ("2026-11-26 09:00", [], "2026-11-30 12:00", "2026-11-27 12:00"),  # nudged before the weekend
        ("2026-11-27 12:00", [], "2026-12-01 12:00", "2026-11-30 12:00"),  # from Friday to Tuesday
        ("2026-11-28 15:00", [], "2026-12-01 12:00", "2026-11-30 12:00"),  # asked on a Saturday
        ("2026-12-24 12:00", [], "2026-12-29 12:00", "2026-12-28 12:00"),  # over Christmas
        ("2026-11-27 12:00", [30, 1, 2], "2026-12-04 12:00", "2026-12-03 12:00"),  # over the circle's break
    ],
)
def test_the_response_time_does_not_run_over_weekends_holidays_and_breaks(
    asked: str, closed: list[int], until: str, nudge: str
) -> None:
    local = ZoneInfo("Europe/Amsterdam")
    breaks = frozenset(date(2026, 11 if day > 20 else 12, day) for day in closed)
    week = WorkingDays("Europe/Amsterdam", "NL", breaks)
    now, noon, before = (datetime.fromisoformat(text).replace(tzinfo=local) for text in (asked, until, nudge))
    answer_by = rules.answer_until(now, now + timedelta(days=30), week)
    assert answer_by == noon
    assert rules.nudge_at(answer_by, week) == before


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "Asia/Kolkata"])
def test_a_near_coffee_has_its_deadline_at_a_whole_hour_before_it(zone: str) -> None:
    starts_at = NOW + timedelta(hours=5, minutes=15)
    until = rules.answer_until(NOW + timedelta(minutes=7), starts_at, WorkingDays(zone, "NL"))
    assert until.astimezone(ZoneInfo(zone)).minute == 0
    assert timedelta(hours=1) <= starts_at - until < timedelta(hours=2)


def test_an_answer_is_promised_at_a_whole_hour_within_a_day() -> None:
    until = rules.replacement_news_by(NOW.replace(minute=16), "Europe/Amsterdam")
    assert until == NOW + timedelta(hours=24)


@pytest.mark.parametrize(
    ("cancelled", "promised"),
    [
        ("2026-11-24T05:20", "2026-11-24T21:00"),
        ("2026-11-24T08:20", "2026-11-25T08:00"),
        ("2026-11-24T20:59", "2026-11-25T20:00"),
        ("2026-11-24T23:40", "2026-11-25T21:00"),
        ("2026-10-24T21:30", "2026-10-25T20:00"),  # summer time ends in between
    ],
)
def test_no_news_is_promised_for_the_night(cancelled: str, promised: str) -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    moment = datetime.fromisoformat(cancelled).replace(tzinfo=zone).astimezone(UTC)
    until = rules.replacement_news_by(moment, zone.key)
    assert until == datetime.fromisoformat(promised).replace(tzinfo=zone)


def test_the_current_time_and_times_too_soon_cannot_be_chosen() -> None:
    near, now_set, later = NOW + timedelta(hours=1), NOW + timedelta(days=2), NOW + timedelta(days=3)
    alternatives = [time.isoformat() for time in (near, now_set, later)]
    assert rules.other_times(alternatives, now_set, NOW) == [later]
    assert rules.swap_times(alternatives, now_set, later) == [near.isoformat(), now_set.isoformat()]


def test_reasons_are_sorted_by_partner_and_direction() -> None:
    offers, asks = {"code": "offers", "topic": "x", "with": "b"}, {"code": "asks", "topic": "y", "with": "b"}
    other, loose = {"code": "new", "with": "c"}, {"code": "strange"}
    pair = rules.sort_reasons([offers, asks, other, loose], "b", only=True)
    assert pair == {"theirs": [offers], "mine": [asks], "both": [loose]}
    assert rules.sort_reasons([offers, other, loose], "c", only=False)["both"] == [other]


def test_the_call_is_open_from_a_quarter_before_until_an_hour_after() -> None:
    ends = NOW + timedelta(minutes=30)
    minute = timedelta(minutes=1)
    assert not rules.call_is_open(NOW - timedelta(minutes=16), NOW, ends)
    assert rules.call_is_open(NOW - timedelta(minutes=15), NOW, ends)
    assert rules.call_is_open(ends + timedelta(minutes=60), NOW, ends)
    assert not rules.call_is_open(ends + timedelta(minutes=60) + minute, NOW, ends)


def test_a_mutual_wish_brings_one_more_coffee_within_the_window() -> None:
    wish, pair = {"a": True, "b": True}, frozenset({"a", "b"})
    assert rules.pairs_with_wish_left([(wish, True)]) == {pair}
    assert rules.pairs_with_wish_left([(wish, True), (wish, True)]) == set()
    assert rules.pairs_with_wish_left([(wish, False), (wish, True)]) == {pair}  # the first one faded
    assert rules.pairs_with_wish_left([(wish, True), ({"a": True, "b": None}, False)]) == set()


def test_a_wish_of_three_ends_only_between_those_who_met_since() -> None:
    three = {"a": True, "b": True, "c": True}
    left = rules.pairs_with_wish_left([(three, True), ({"a": None, "b": None}, True)])
    assert left == {frozenset({"a", "c"}), frozenset({"b", "c"})}
