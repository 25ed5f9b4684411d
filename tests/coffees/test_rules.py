"""What answers add up to: a table, and the small sums around a coffee."""

from datetime import UTC, datetime, timedelta

import pytest

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
def test_the_table_of_what_took_place(took_place: list[bool | None], state: str) -> None:
    assert rules.state_after(took_place) == state


def test_only_a_mutual_again_makes_a_pair() -> None:
    assert rules.mutual({"a": True, "b": None}) == set()
    assert rules.mutual({"a": True, "b": False}) == set()
    assert rules.mutual({"a": True, "b": True, "c": False}) == {frozenset({"a", "b"})}


def test_a_new_time_leaves_two_days_to_answer_but_ends_before_it_begins() -> None:
    assert rules.answer_until(NOW, NOW + timedelta(days=7)) == NOW + timedelta(hours=48)
    assert rules.answer_until(NOW, NOW + timedelta(hours=5)) == NOW + timedelta(hours=4)


def test_times_that_are_too_near_or_the_present_one_cannot_be_chosen() -> None:
    near, now_set, later = NOW + timedelta(hours=1), NOW + timedelta(days=2), NOW + timedelta(days=3)
    alternatives = [time.isoformat() for time in (near, now_set, later)]
    assert rules.other_times(alternatives, now_set, NOW) == [later]
    assert rules.swap_times(alternatives, now_set, later) == [near.isoformat(), now_set.isoformat()]


def test_reasons_are_sorted_by_partner_and_by_who_offers() -> None:
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
