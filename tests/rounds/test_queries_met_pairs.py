"""Tests of who met whom: told outcomes only, and only within the circle's window."""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast as cast_to

import pytest

from events.accounts.models import User
from events.circles.models import Circle
from events.coffees.queries.round_answers import list_apart_pairs
from events.core import clock
from events.core.db.session import unit_of_work
from events.rounds.models import Round
from events.rounds.queries.met_pairs import list_meetings, met_pairs
from events.rounds.queries.solver_input import problem_of
from events.rounds.rules.draft_edits import ProblemPerson
from events.rounds.rules.met_window import Pair
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.factories.rounds import make_round, make_round_of_its_own, make_yes
from tests.support.cast import Cast

WEEK = timedelta(days=7)


def had(
    cast: Cast,
    people: Sequence[User],
    *,
    days_ago: int,
    state: str = "met",
    answers: dict[str, str] | None = None,
) -> None:
    with unit_of_work() as db:
        start = clock.now() - timedelta(days=days_ago)
        make_coffee(db, cast.circle, people, state=state, starts_at=start, answers=answers)


def met(cast: Cast) -> set[Pair]:
    with unit_of_work() as db:
        return met_pairs(db, cast.circle.id, clock.now())


def pair(one: User, other: User) -> Pair:
    return frozenset((one.id, other.id))


def published(cast: Cast, *weeks_ago: int) -> None:
    with unit_of_work() as db:
        for weeks in weeks_ago:
            round_ = make_round_of_its_own(db, cast.circle)
            round_.state, round_.published_at = "closed", clock.now() - weeks * WEEK


def test_only_those_who_took_part_in_a_coffee_that_took_place_have_met(cast: Cast) -> None:
    had(cast, [cast.bram, cast.chris, cast.dana], days_ago=40, answers={"Chris": "no"})
    had(cast, [cast.anna, cast.dana], days_ago=40, state="expired")
    had(cast, [cast.anna, cast.chris], days_ago=40, state="missed")
    had(cast, [cast.chris, cast.dana], days_ago=-3, state="proposed")
    assert met(cast) == {pair(cast.bram, cast.dana)}


def test_who_says_they_were_not_there_did_not_meet_the_others(cast: Cast) -> None:
    had(cast, [cast.anna, cast.bram, cast.chris], days_ago=40)
    with unit_of_work() as db:
        seats = make_coffee(db, cast.circle, [cast.anna, cast.dana], state="met").seats
        seats[1].took_place = False
    assert met(cast) == {
        pair(cast.anna, cast.bram), pair(cast.anna, cast.chris), pair(cast.bram, cast.chris)
    }  # fmt: skip


@pytest.mark.parametrize(("days", "counts"), [(-5, True), (29, True), (31, False)])
def test_an_agreed_coffee_without_an_outcome_counts_for_a_month(
    cast: Cast, days: int, *, counts: bool
) -> None:
    had(cast, [cast.bram, cast.dana], days_ago=days, state="confirmed")
    assert met(cast) == ({pair(cast.bram, cast.dana)} if counts else set())


@pytest.mark.parametrize(("days", "counts"), [(364, True), (366, False)])
def test_a_meeting_fades_after_a_year(cast: Cast, days: int, *, counts: bool) -> None:
    had(cast, [cast.bram, cast.dana], days_ago=days)
    assert met(cast) == ({pair(cast.bram, cast.dana)} if counts else set())


def test_a_meeting_fades_after_six_rounds(cast: Cast) -> None:
    published(cast, 12, 10, 8, 6, 4, 2)
    had(cast, [cast.bram, cast.dana], days_ago=83)
    assert met(cast) == {pair(cast.bram, cast.dana)}
    published(cast, 1)
    assert met(cast) == set()


def test_a_circle_chooses_its_own_window(cast: Cast) -> None:
    published(cast, 12, 10, 8, 6, 4, 2)
    had(cast, [cast.bram, cast.dana], days_ago=50)
    for window, counts in (("three", False), ("six", True), ("twelve", True)):
        with unit_of_work() as db:
            db.get_one(Circle, cast.circle.id).met_window = window
        assert met(cast) == ({pair(cast.bram, cast.dana)} if counts else set()), window


def test_a_pair_that_faded_is_not_told_that_it_is_new(cast: Cast) -> None:
    had(cast, [cast.bram, cast.dana], days_ago=400)
    had(cast, [cast.bram, cast.chris], days_ago=40, state="confirmed")
    with unit_of_work() as db:
        meetings = list_meetings(db, cast.circle.id)
    said = [{"code": "new", "with": other.id} for other in (cast.dana, cast.chris, cast.anna)]
    told = meetings.describe(said, cast.bram.id, set())
    assert [reason["code"] for reason in told] == ["met_earlier", "unknown", "new"]


def test_met_before_is_said_only_of_people_who_met(cast: Cast) -> None:
    had(cast, [cast.bram, cast.dana], days_ago=10)
    had(cast, [cast.bram, cast.chris], days_ago=10, state="confirmed")
    with unit_of_work() as db:
        meetings = list_meetings(db, cast.circle.id)
    said = [{"code": "met_before", "with": other.id} for other in (cast.dana, cast.chris)]
    told = meetings.describe(said, cast.bram.id, met(cast))
    assert [reason["code"] for reason in told] == ["met_before", "unknown"]


def wished(cast: Cast, *, days_ago: int, again: bool = True) -> None:
    with unit_of_work() as db:
        start = clock.now() - timedelta(days=days_ago)
        for seat in make_coffee(db, cast.circle, [cast.bram, cast.dana], state="met", starts_at=start).seats:
            seat.took_place, seat.again = True, again


def preferred(cast: Cast) -> bool:
    """Whether the next round brings Bram and Dana together by their wish."""
    with unit_of_work() as db:
        round_ = make_round_of_its_own(db, cast.circle)
        for user in (cast.bram, cast.dana):
            make_yes(db, round_, user)
        rows = problem_of(db, round_, 0)["together"]
        db.rollback()
    assert isinstance(rows, list)
    return [*sorted((cast.bram.id, cast.dana.id)), "again"] in rows


def test_two_who_wish_to_meet_again_are_preferred_once_within_the_window(cast: Cast) -> None:
    published(cast, 12, 10, 8, 6, 4, 2)
    wished(cast, days_ago=60)
    assert preferred(cast)
    wished(cast, days_ago=40)
    assert not preferred(cast)


def test_their_next_wish_counts_once_the_first_coffee_is_outside_the_window(cast: Cast) -> None:
    published(cast, 12, 10, 8, 6, 4, 2)
    wished(cast, days_ago=100)
    wished(cast, days_ago=40)
    assert preferred(cast)


def test_a_later_no_ends_an_earlier_wish(cast: Cast) -> None:
    wished(cast, days_ago=400)
    wished(cast, days_ago=380, again=False)
    assert not preferred(cast)


def test_those_who_declined_or_cancelled_each_other_are_not_paired_again_in_that_round(cast: Cast) -> None:
    with unit_of_work() as db:
        round_ = make_round(db, make_livestream(db, cast.circle, cast.anna, state="ended"), state="published")
        for user in (cast.anna, cast.bram, cast.chris, cast.dana):
            make_yes(db, round_, user)
        for people, state, answers in (
            ([cast.anna, cast.bram], "declined", {"Bram": "no"}),
            ([cast.anna, cast.chris], "expired", {"Anna": "yes"}),
            ([cast.bram, cast.dana], "cancelled", {}),
        ):
            make_coffee(db, cast.circle, people, state=state, answers=answers, round_id=round_.id)
        round_id = round_.id
    with unit_of_work() as db:
        assert list_apart_pairs(db, round_id) == {pair(cast.anna, cast.bram), pair(cast.bram, cast.dana)}
        problem = problem_of(db, db.get_one(Round, round_id), 1)
        never = {one["id"]: set(one["never"]) for one in cast_to(list[ProblemPerson], problem["people"])}
    assert never[cast.bram.id] == {cast.anna.id, cast.dana.id}
    assert never[cast.chris.id] == set()
