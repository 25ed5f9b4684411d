"""A private "it was a sales pitch": heeded by the matching, shown to nobody, erasable."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.coffees.models import Coffee, PitchMark
from events.core import clock
from events.core.db.session import unit_of_work
from events.rounds.models import Round
from events.rounds.queries.solver_input import PITCH_LUCK, problem_of
from tests.factories.accounts import make_user
from tests.factories.circles import make_member
from tests.factories.coffees import make_coffee
from tests.factories.rounds import make_round_of_its_own, make_yes
from tests.support.cast import Cast
from tests.support.types import OpenPage


@pytest.fixture
def coffee(cast: Cast) -> Coffee:
    """Yesterday's coffee of Bram and Dana."""
    with unit_of_work() as db:
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], state="met")


def tell(page: OpenPage, someone: User, coffee: Coffee, *about: User, took_place: str = "yes") -> None:
    answer = page(someone).post(
        f"/coffees/{coffee.id}/outcome", took_place=took_place, pitch=[user.id for user in about]
    )
    assert answer.status_code == 303


def problem(round_: Round) -> dict[str, dict[str, object]]:
    with unit_of_work() as db:
        people = problem_of(db, db.get_one(Round, round_.id), 0)["people"]
        assert isinstance(people, list)
        return {person["id"]: person for person in people}


def next_round(cast: Cast, *people: User) -> Round:
    with unit_of_work() as db:
        round_ = make_round_of_its_own(db, cast.circle)
        for person in people:
            make_yes(db, round_, person)
        return round_


def test_who_said_so_is_not_paired_with_that_person_until_taken_back(
    cast: Cast, coffee: Coffee, page: OpenPage
) -> None:
    tell(page, cast.bram, coffee, cast.dana)
    round_ = next_round(cast, cast.bram, cast.chris, cast.dana)
    people = problem(round_)
    assert people[cast.bram.id]["never"] == [cast.dana.id]
    assert people[cast.dana.id]["never"] == [cast.bram.id]
    assert people[cast.chris.id]["never"] == []
    tell(page, cast.bram, coffee)
    assert problem(round_)[cast.bram.id]["never"] == []


def test_one_or_two_words_weigh_nothing_on_somebody_and_three_a_little(
    cast: Cast, coffee: Coffee, page: OpenPage
) -> None:
    with unit_of_work() as db:
        others = [cast.bram, cast.chris, make_user(db, "Eva")]
        make_member(db, cast.circle, others[2])
        coffees = [coffee] + [
            make_coffee(
                db,
                cast.circle,
                [one, cast.dana],
                state="met",
                starts_at=clock.now() - timedelta(days=day + 2),
            )
            for day, one in enumerate(others[1:])
        ]
    round_ = next_round(cast, cast.bram, cast.dana)
    for one, told in zip(others[:2], coffees[:2], strict=True):
        tell(page, one, told, cast.dana)
        tell(page, one, told, cast.dana)
    assert problem(round_)[cast.dana.id]["luck"] == 0.0
    tell(page, others[2], coffees[2], cast.dana)
    assert problem(round_)[cast.dana.id]["luck"] == PITCH_LUCK
    assert problem(round_)[cast.bram.id]["luck"] == 0.0


def test_the_other_sees_no_difference(cast: Cast, coffee: Coffee, page: OpenPage) -> None:
    """Neither on the card nor in the form, nor does the organiser in the report."""
    tell(page, cast.bram, coffee)
    paths = [f"/coffees/{coffee.id}", f"/coffees/{coffee.id}/outcome", "/coffees"]
    before = [page(cast.dana).get(path).text for path in paths]
    tell(page, cast.bram, coffee, cast.dana)
    after = [page(cast.dana).get(path).text for path in paths]
    assert [clean(text) for text in before] == [clean(text) for text in after]
    assert (
        "checked" in page(cast.bram).get(paths[1]).text.split('id="field-pitch"')[1].split("</fieldset>")[0]
    )


def clean(text: str) -> list[str]:
    """The lines of a page that do not hold tokens of the browser."""
    return [
        line
        for line in text.split("\n")
        if "csrf" not in line and "nonce" not in line and "client_id" not in line
    ]


def test_only_partners_can_be_marked_and_a_coffee_that_failed_holds_no_mark(
    cast: Cast, coffee: Coffee, page: OpenPage
) -> None:
    tell(page, cast.bram, coffee, cast.chris)
    tell(page, cast.bram, coffee, cast.bram)
    with unit_of_work() as db:
        assert db.scalar(select(PitchMark)) is None
    tell(page, cast.bram, coffee, cast.dana)
    tell(page, cast.bram, coffee, cast.dana, took_place="no")
    with unit_of_work() as db:
        assert db.scalar(select(PitchMark)) is None


def test_strangers_mark_nothing(cast: Cast, coffee: Coffee, page: OpenPage) -> None:
    answer = page(cast.olga).post(f"/coffees/{coffee.id}/outcome", took_place="yes", pitch=[cast.dana.id])
    assert answer.status_code == 404
    with unit_of_work() as db:
        assert db.scalar(select(PitchMark)) is None
