"""Tests of outcomes, shared notes and promises."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from events.accounts.models import User
from events.coffees import forms
from events.coffees.actions import notes, outcomes, promises
from events.coffees.models import Coffee
from events.coffees.queries import coffee_page, coffees, room
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden, NotFound
from tests.factories.coffees import make_coffee, make_note, make_promise, person
from tests.support.cast import Cast

pytestmark = pytest.mark.postgres
LONG_AGO = clock.now() - timedelta(days=400)


def held(cast: Cast, people: list[User], **changes: object) -> str:
    """Confirmed coffee an hour ago."""
    with unit_of_work() as db:
        start = clock.now() - timedelta(hours=1)
        return make_coffee(db, cast.circle, people, state="confirmed", starts_at=start, **changes).id  # type: ignore[arg-type]  # the factory's own names


def tell(who: User, coffee_id: str, took_place: str, again: str | None = None) -> Coffee:
    with unit_of_work() as db:
        coffee = coffees.get_visible(db, person(who), coffee_id)
        data = forms.Outcome.model_validate({"took_place": took_place, "worth_it": "yes", "again": again})
        return outcomes.record_outcome(db, person(who), coffee, data)


def test_one_yes_makes_it_met_and_a_contradiction_takes_it_back(cast: Cast) -> None:
    coffee_id = held(cast, [cast.bram, cast.dana])
    assert tell(cast.bram, coffee_id, "yes").state == "met"
    assert tell(cast.bram, coffee_id, "yes").version == 2
    assert tell(cast.dana, coffee_id, "no").state == "confirmed"
    assert tell(cast.bram, coffee_id, "no").state == "missed"


def test_a_no_show_report_has_no_rating(cast: Cast) -> None:
    coffee = tell(cast.bram, held(cast, [cast.bram, cast.dana]), "no", "yes")
    seat = coffees.seat_of(coffee, cast.bram.id)
    assert (seat.took_place, seat.worth_it, seat.again) == (False, None, True)


def test_only_a_mutual_wish_to_meet_again_is_revealed(cast: Cast) -> None:
    coffee_id = held(cast, [cast.bram, cast.dana])
    tell(cast.bram, coffee_id, "yes", "yes")
    with unit_of_work() as db:
        assert coffees.list_mutual_again_pairs(db, cast.circle.id, LONG_AGO) == set()
        assert coffee_page.card_of(db, person(cast.dana), coffees.get_coffee(db, coffee_id)).again == []
    tell(cast.dana, coffee_id, "yes", "yes")
    with unit_of_work() as db:
        assert coffees.list_mutual_again_pairs(db, cast.circle.id, LONG_AGO) == {
            frozenset((cast.bram.id, cast.dana.id))
        }
        card = coffee_page.card_of(db, person(cast.dana), coffees.get_coffee(db, coffee_id))
        assert [one.name for one in card.again] == ["Bram"]


def test_an_outcome_is_refused_before_the_start_and_after_cancellation(cast: Cast) -> None:
    with unit_of_work() as db:
        ahead = make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed").id
        off = make_coffee(db, cast.circle, [cast.bram, cast.dana], state="cancelled").id
    with pytest.raises(Conflict, match="coffee_not_yet"):
        tell(cast.bram, ahead, "yes")
    with pytest.raises(Conflict, match="coffee_closed"):
        tell(cast.bram, off, "yes")


def test_a_note_is_written_on_top_of_what_was_read(cast: Cast) -> None:
    coffee_id = held(cast, [cast.bram, cast.dana])

    def write(who: User, body: str, version: int) -> int:
        with unit_of_work() as db:
            coffee = coffees.get_visible(db, person(who), coffee_id)
            return notes.write_note(db, person(who), coffee, forms.Note(body=body, version=version)).version

    version = write(cast.bram, "Offerte sturen", 0)
    with pytest.raises(Conflict, match="note_changed"):
        write(cast.dana, "Boek lenen", 0)
    assert write(cast.dana, "Offerte sturen, boek lenen", version) == version + 1
    with pytest.raises(Conflict, match="note_changed"):
        write(cast.bram, "Alles weg", version)


def test_the_same_promise_twice_is_one_and_only_its_maker_marks_it(cast: Cast) -> None:
    coffee_id = held(cast, [cast.bram, cast.dana])
    with unit_of_work() as db:
        coffee = coffees.get_coffee(db, coffee_id)
        data = forms.Promised(what="Het boek sturen", due_on=date(2026, 12, 11))
        promise = promises.add_promise(db, person(cast.bram), coffee, data)
        assert promises.add_promise(db, person(cast.bram), coffee, data).id == promise.id
        assert promise.due_on is not None
        assert promise.due_on.date() == date(2026, 12, 11)
        with pytest.raises(Forbidden):
            promises.mark_promise(db, person(cast.dana), coffee, promise, done=True)
        promises.mark_promise(db, person(cast.bram), coffee, promise, done=True)
        promises.mark_promise(db, person(cast.bram), coffee, promise, done=True)
        assert promise.done_at is not None
        promises.mark_promise(db, person(cast.bram), coffee, promise, done=False)
        assert promise.done_at is None


def test_a_promise_of_another_coffee_does_not_exist_here(cast: Cast) -> None:
    with unit_of_work() as db:
        here = make_coffee(db, cast.circle, [cast.bram, cast.dana], state="met")
        there = make_coffee(db, cast.circle, [cast.bram, cast.chris], state="met")
        promise = make_promise(db, there, cast.bram, "Bellen")
        assert coffees.get_promise(db, there, promise.id).what == "Bellen"
        for wrong in (promise.id, "x", "\0" * 26):
            with pytest.raises(NotFound):
                coffees.get_promise(db, here, wrong)


@pytest.mark.parametrize(
    "act",
    [
        lambda db, who, coffee: outcomes.record_outcome(db, who, coffee, forms.Outcome(took_place="yes")),
        lambda db, who, coffee: notes.write_note(db, who, coffee, forms.Note(body="x", version=1)),
        lambda db, who, coffee: promises.add_promise(db, who, coffee, forms.Promised(what="x")),
    ],
    ids=["outcome", "note", "promise"],
)
def test_outsiders_organisers_and_decliners_have_no_access(cast: Cast, act: Callable[..., object]) -> None:
    with unit_of_work() as db:
        trio = [cast.bram, cast.chris, cast.dana]
        coffee = make_coffee(db, cast.circle, trio, state="met", answers={"Chris": "no"})
        make_note(db, coffee, cast.bram, "Van ons")
        for stranger in (cast.olga, cast.anna, cast.chris):
            with pytest.raises(Forbidden):
                act(db, person(stranger), coffee)


def test_only_participants_chat_and_only_once_confirmed(cast: Cast) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed")
        rights = room.coffee_room(db, person(cast.bram), coffee.id)
        assert (rights.name, rights.may_enter, rights.may_post) == (f"coffee:{coffee.id}", True, True)
        assert not rights.may_moderate
        with pytest.raises(NotFound):
            room.coffee_room(db, person(cast.olga), coffee.id)
        open_ = make_coffee(db, cast.circle, [cast.bram, cast.dana])
        assert room.coffee_room(db, person(cast.bram), open_.id).closed == "coffee_chat_not_open"
