"""Order of Today: a table of moments for coffees and livestreams, and the order of all kinds."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from events.coffees.models import Coffee, Seat
from events.livestreams.models import Livestream
from events.pages.rules import DUTIES, Ask, Entry, ask_of_coffee, ask_of_livestream, sort_entries

START = datetime(2026, 12, 4, 9, 30, tzinfo=UTC)
BEFORE_ANSWER, AFTER_ANSWER = timedelta(days=-3), timedelta(days=-1)


def coffee(state: str, answer: str = "yes", told: bool | None = None) -> Coffee:
    seats = [Seat(user_id="bram", answer=answer, took_place=told), Seat(user_id="dana", answer="yes")]
    return Coffee(state=state, starts_at=START, minutes=30, answer_by=START - timedelta(days=2), seats=seats)


def livestream(state: str) -> Livestream:
    return Livestream(
        state=state, starts_at=START, ends_at=START + timedelta(hours=1), auto_end_minutes=45,
        went_live_at=START if state in {"live", "paused"} else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "answer", "told", "moment", "asks"),
    [
        ("proposed", "waiting", None, BEFORE_ANSWER, Ask.ANSWER),
        ("proposed", "waiting", None, AFTER_ANSWER, None),
        ("proposed", "yes", None, BEFORE_ANSWER, None),
        ("confirmed", "yes", None, timedelta(minutes=-16), Ask.CONFIRMED),
        ("confirmed", "yes", None, timedelta(minutes=-15), Ask.COFFEE_NOW),
        ("confirmed", "yes", None, timedelta(0), Ask.COFFEE_NOW),
        ("confirmed", "yes", None, timedelta(minutes=29), Ask.COFFEE_NOW),
        ("confirmed", "yes", False, timedelta(minutes=20), None),
        ("confirmed", "yes", None, timedelta(minutes=30), Ask.TELL),
        ("confirmed", "yes", None, timedelta(days=6), Ask.TELL),
        ("confirmed", "yes", True, timedelta(hours=1), None),
        ("met", "yes", None, timedelta(hours=1), Ask.TELL),  # the other told
        ("met", "yes", True, timedelta(hours=1), None),
    ],
)
def test_what_a_coffee_asks_at_each_moment(
    state: str, answer: str, told: bool | None, moment: timedelta, asks: Ask | None
) -> None:
    assert ask_of_coffee(coffee(state, answer, told), "bram", START + moment) == asks


@pytest.mark.parametrize(
    ("state", "moment", "of_members", "of_directors"),
    [
        ("draft", timedelta(hours=-1), None, None),
        ("announced", timedelta(hours=-1), Ask.NEXT, Ask.NEXT),
        ("announced", timedelta(minutes=1), Ask.NEXT, Ask.NOT_STARTED),
        ("lobby", timedelta(minutes=-5), Ask.ON_NOW, Ask.ON_NOW),
        ("live", timedelta(minutes=30), Ask.ON_NOW, Ask.ON_NOW),
        ("paused", timedelta(minutes=30), Ask.ON_NOW, Ask.ON_NOW),
        ("live", timedelta(hours=2), Ask.ON_NOW, Ask.OVERDUE),
        ("missed", timedelta(hours=2), None, Ask.MISSED),
        ("ended", timedelta(hours=2), None, Ask.WRAP),
        ("replay", timedelta(hours=2), None, Ask.REPORT),
        ("cancelled", timedelta(hours=2), None, None),
    ],
)
def test_what_a_livestream_asks_of_members_and_of_directors(
    state: str, moment: timedelta, of_members: Ask | None, of_directors: Ask | None
) -> None:
    now = START + moment
    assert ask_of_livestream(livestream(state), now, directs=False) == of_members
    assert ask_of_livestream(livestream(state), now, directs=True) == of_directors


def test_each_kind_comes_before_the_next_whatever_its_moment() -> None:
    late, early = START + timedelta(days=9), START
    for one, other in pairwise(Ask):
        if (one, other) != (Ask.NEXT, Ask.ROUND):
            found = sort_entries([Entry(other, early, None), Entry(one, late, None)])
            assert [entry.ask for entry in found] == [one, other]


def test_a_round_that_closes_before_the_next_livestream_begins_comes_first() -> None:
    livestream_ = Entry(Ask.NEXT, START, None)
    sooner, later = (Entry(Ask.ROUND, START + timedelta(days=days), None) for days in (-1, 1))
    assert sort_entries([livestream_, later, sooner]) == [sooner, livestream_, later]


def test_nothing_that_is_asked_of_a_member_is_a_duty() -> None:
    assert not DUTIES & {Ask.ON_NOW, Ask.COFFEE_NOW, Ask.ANSWER, Ask.TELL, Ask.NEXT, Ask.ROUND, Ask.RECORDING}
