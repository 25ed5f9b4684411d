"""Tests of the device check and the call page."""

from datetime import timedelta

import pytest

from events.accounts.models import User
from events.calls import queries
from events.coffees.models import Coffee
from events.core import clock
from events.core.db.session import unit_of_work
from tests.factories.accounts import make_key
from tests.factories.coffees import make_coffee
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock

ROOMS = ("check", "call")


@pytest.fixture
def coffee(cast: Cast, set_clock: SetClock) -> Coffee:
    with unit_of_work() as db:
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed", starts_at=clock.now())


@pytest.mark.parametrize("room", ROOMS)
def test_both_people_come_in(cast: Cast, coffee: Coffee, page: OpenPage, room: str) -> None:
    for person in (cast.bram, cast.dana):
        assert page(person).get(f"/coffees/{coffee.id}/{room}").status_code == 200


@pytest.mark.parametrize("room", ROOMS)
def test_nobody_else_comes_in(cast: Cast, coffee: Coffee, page: OpenPage, room: str) -> None:
    for person in (cast.olga, cast.anna, cast.chris):
        assert page(person).get(f"/coffees/{coffee.id}/{room}").status_code == 404
    assert page(None).get(f"/coffees/{coffee.id}/{room}").status_code == 303
    assert page(cast.bram).get(f"/coffees/{'x' * 26}/{room}").status_code == 404


@pytest.mark.parametrize("room", ROOMS)
def test_the_key_of_the_mail_opens_the_room(cast: Cast, coffee: Coffee, page: OpenPage, room: str) -> None:
    with unit_of_work() as db:
        key = make_key(db, cast.dana, "coffee", coffee.id)
    browser = page(None)
    with browser.client.session_transaction() as session:
        session["keys"] = [key.id]
    assert browser.get(f"/coffees/{coffee.id}/{room}").status_code == 200


@pytest.mark.parametrize(
    ("after_start", "words"),
    [(-16, "The call opens"), (-15, "data-coffee"), (90, "data-coffee"), (91, "This call is over")],
)
def test_outside_its_hours_the_page_says_when(
    cast: Cast, coffee: Coffee, page: OpenPage, set_clock: SetClock, after_start: int, words: str
) -> None:
    set_clock(coffee.starts_at + timedelta(minutes=after_start))
    answer = page(cast.bram).get(f"/coffees/{coffee.id}/call")
    assert answer.status_code == 200
    assert words in answer.text


def test_a_coffee_by_phone_leads_back_to_the_coffee(cast: Cast, set_clock: SetClock, page: OpenPage) -> None:
    with unit_of_work() as db:
        phone = make_coffee(
            db, cast.circle, [cast.bram, cast.dana], state="confirmed", form="phone", starts_at=clock.now()
        )
    for room in ROOMS:
        answer = page(cast.bram).get(f"/coffees/{phone.id}/{room}")
        assert (answer.status_code, answer.location) == (303, f"/coffees/{phone.id}")


def test_camera_and_microphone_can_be_tested_days_ahead(
    cast: Cast, set_clock: SetClock, page: OpenPage
) -> None:
    with unit_of_work() as db:
        ahead = make_coffee(db, cast.circle, [cast.bram, cast.dana])
    answer = page(cast.bram).get(f"/coffees/{ahead.id}/check")
    assert answer.status_code == 200
    assert "The call opens" in answer.text


@pytest.mark.usefixtures("dutch")
def test_the_call_speaks_the_language_of_its_reader(cast: Cast, coffee: Coffee, page: OpenPage) -> None:
    with unit_of_work() as db:
        db.get_one(User, cast.dana.id).locale = "nl"
    dutch = page(cast.dana).get(f"/coffees/{coffee.id}/call").text
    english = page(cast.bram).get(f"/coffees/{coffee.id}/call").text
    assert "Hang up" in english
    assert "Ophangen" in dutch
    assert "Hang up" not in dutch


def test_people_who_met_before_know_each_other(cast: Cast, coffee: Coffee) -> None:
    with unit_of_work() as db:
        again = db.get_one(Coffee, coffee.id)
        assert not queries.have_all_met(db, again)
        make_coffee(db, cast.circle, [cast.bram, cast.chris], state="met")
        assert not queries.have_all_met(db, again)
        make_coffee(db, cast.circle, [cast.dana, cast.bram], state="met")
        assert queries.have_all_met(db, again)


@pytest.mark.usefixtures("dutch")
def test_two_awaited_partners_are_named_in_the_plural(
    cast: Cast, set_clock: SetClock, page: OpenPage
) -> None:
    with unit_of_work() as db:
        three = make_coffee(
            db, cast.circle, [cast.bram, cast.chris, cast.dana], state="confirmed", starts_at=clock.now()
        )
    for locale, words in (("en", " are here. Connecting you."), ("nl", " zijn er. We verbinden jullie.")):
        with unit_of_work() as db:
            db.get_one(User, cast.bram.id).locale = locale
        shown = page(cast.bram).get(f"/coffees/{three.id}/call").text
        assert words in shown
