"""Tests of accepting a replacement in advance."""

import re

import pytest

from events.accounts.models import User
from events.coffees.actions import replacements
from events.coffees.queries import coffees, round_answers
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden
from tests.factories.accounts import make_key
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast
from tests.support.types import OpenPage

pytestmark = pytest.mark.postgres
ROUND = "r" * 26
TAP = "I'd be happy with someone else, too"


def arrange(cast: Cast, **changes: object) -> str:
    given: dict[str, object] = {"state": "proposed", "round_id": ROUND, "answers": {cast.bram.name: "yes"}}
    with unit_of_work() as db:
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], **(given | changes)).id  # type: ignore[arg-type]  # the factory's own names


def willing() -> set[str]:
    with unit_of_work() as db:
        return round_answers.list_accepting_replacement(db, ROUND)


def welcome(who: User, coffee_id: str, *, welcome: bool = True) -> None:
    with unit_of_work() as db:
        coffee = coffees.get_coffee(db, coffee_id)
        replacements.accept_replacement(db, person(who), coffee, welcome=welcome)


def test_accepting_a_replacement_partner_takes_one_tap_and_is_reversible(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast)
    shown = page(cast.bram).get(f"/coffees/{coffee_id}")
    assert TAP in shown.text
    for text, said in ((TAP, {cast.bram.id}), ("Ask me first after all", set())):
        answer = page(cast.bram).post(f"/coffees/{coffee_id}/another", **({"welcome": "1"} if said else {}))
        assert answer.status_code == 303
        assert willing() == said, text


def test_a_mail_link_accepts_a_replacement_without_sign_in(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast)
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "coffee", coffee_id)
    visitor = page(None)
    visitor.open_key(key)
    assert visitor.post(f"/coffees/{coffee_id}/another", welcome="1").status_code == 303
    assert willing() == {cast.bram.id}


def test_an_outsider_cannot_accept_a_replacement_for_a_participant(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast)
    assert page(cast.olga).post(f"/coffees/{coffee_id}/another", welcome="1").status_code == 404
    with pytest.raises(Forbidden):
        welcome(cast.olga, coffee_id)
    assert willing() == set()


@pytest.mark.parametrize(
    "changes", [{"answers": {}}, {"round_id": None}, {"state": "confirmed"}, {"state": "declined"}]
)
def test_a_replacement_needs_a_yes_in_an_unanswered_round_coffee(
    cast: Cast, page: OpenPage, changes: dict[str, object]
) -> None:
    coffee_id = arrange(cast, **changes)
    with pytest.raises(Conflict, match="coffee_closed"):
        welcome(cast.bram, coffee_id)
    assert TAP not in page(cast.bram).get(f"/coffees/{coffee_id}").text


def test_the_latest_replacement_answer_counts(cast: Cast) -> None:
    welcome(cast.bram, arrange(cast))
    later = arrange(cast)
    assert willing() == set()
    welcome(cast.bram, later)
    assert willing() == {cast.bram.id}


TICKED = re.compile(r'<input type="checkbox" id="field-another" name="another" value="1" checked')


@pytest.mark.parametrize("path", ["", "?answer=yes"])
def test_a_yes_accepts_another_partner_unless_that_is_unticked(cast: Cast, page: OpenPage, path: str) -> None:
    for ticked in (True, False):
        coffee_id = arrange(cast, answers={})
        html = page(cast.bram).get(f"/coffees/{coffee_id}{path}").text
        assert TICKED.search(html)
        assert 'form="accept-coffee"' in html
        more = {"another": "1"} if ticked else {}
        assert page(cast.bram).post(f"/coffees/{coffee_id}/accept", version="1", **more).status_code == 303
        assert willing() == ({cast.bram.id} if ticked else set())
    later = page(cast.bram).get(f"/coffees/{arrange(cast, answers={})}").text
    assert 'name="another"' in later, "still offered, and remembered as unticked"
    assert not TICKED.search(later)


def test_a_mail_link_says_yes_with_another_partner_without_sign_in(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast, answers={})
    with unit_of_work() as db:
        key = make_key(db, cast.dana, "coffee", coffee_id)
    visitor = page(None)
    visitor.open_key(key)
    assert TICKED.search(visitor.get(f"/coffees/{coffee_id}?answer=yes").text)
    visitor.post(f"/coffees/{coffee_id}/accept", version="1", another="1")
    assert willing() == {cast.dana.id}


def test_a_coffee_without_a_round_has_no_other_partner(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast, answers={}, round_id=None)
    assert 'name="another"' not in page(cast.bram).get(f"/coffees/{coffee_id}").text
    page(cast.bram).post(f"/coffees/{coffee_id}/accept", version="1", another="1")
    with unit_of_work() as db:
        assert not coffees.seat_of(coffees.get_coffee(db, coffee_id), cast.bram.id).accepts_replacement


def test_a_no_ends_what_an_earlier_yes_accepted(cast: Cast) -> None:
    welcome(cast.bram, arrange(cast))
    arrange(cast, answers={"Bram": "no"}, state="declined")
    assert willing() == set()
