"""Tests of places, own links and phone numbers: visibility, answers and calendars."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.availability.models import Claim
from events.coffees.actions import responses, venue
from events.coffees.models import Coffee
from events.coffees.queries import calendar_entry as coffees_entries
from events.coffees.queries import coffees
from events.core import clock
from events.core.bus import pop_announced
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden, Invalid
from tests.factories.accounts import make_key
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock

pytestmark = pytest.mark.postgres
SITE = "https://ontmoet.example"
LINK = "https://meet.example.nl/bram"


def arrange(cast: Cast, form: str, state: str = "proposed", **changes: object) -> str:
    with unit_of_work() as db:
        people = [cast.bram, cast.dana]
        return make_coffee(db, cast.circle, people, form=form, state=state, **changes).id  # type: ignore[arg-type]  # the factory's own names


def place(who: User, coffee_id: str, words: str) -> list[str]:
    with unit_of_work() as db:
        coffee = coffees.get_visible(db, person(who), coffee_id)
        venue.choose_place(db, person(who), coffee, words, coffee.version)
        return [type(signal).__name__ for signal in pop_announced(db)]


def accept(who: User, coffee_id: str) -> list[str]:
    with unit_of_work() as db:
        responses.accept_coffee(db, person(who), coffees.get_coffee(db, coffee_id))
        return [type(signal).__name__ for signal in pop_announced(db)]


def read(coffee_id: str) -> Coffee:
    with unit_of_work() as db:
        return coffees.get_coffee(db, coffee_id)


def location(coffee_id: str, who: User) -> tuple[str, int]:
    coffee = read(coffee_id)
    entry = coffees_entries.calendar_entry(coffee, coffees.seat_of(coffee, who.id), "en", SITE)
    return entry.location, entry.sequence


def answers(coffee_id: str) -> list[str]:
    return [seat.answer for seat in read(coffee_id).seats]


def claimed(coffee_id: str) -> set[str]:
    with unit_of_work() as db:
        return set(db.scalars(select(Claim.user_id).where(Claim.holder_id == coffee_id)))


def has_number(who: User, phone: str, *, shares: bool = True) -> None:
    with unit_of_work() as db:
        user = db.get_one(User, who.id)
        user.phone, user.shares_phone = phone, shares


def card(page: OpenPage, who: User, coffee_id: str) -> str:
    return unescape(page(who).get(f"/coffees/{coffee_id}").text)


def test_a_venue_is_proposed_by_one_participant_and_accepted_by_the_other(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast, "location", answers={"Dana": "yes"})
    assert place(cast.bram, coffee_id, "De Zaak, Markt 1") == ["CoffeePlaceChosen"]
    assert answers(coffee_id) == ["yes", "waiting"]
    assert "Bram names this place" in card(page, cast.dana, coffee_id)
    assert "De Zaak, Markt 1" in card(page, cast.dana, coffee_id)
    assert accept(cast.dana, coffee_id) == ["CoffeeConfirmed"]
    assert location(coffee_id, cast.dana) == ("De Zaak, Markt 1", 0)


def test_the_first_venue_of_a_confirmed_coffee_notifies_and_raises_the_sequence(cast: Cast) -> None:
    coffee_id = arrange(cast, "location", "confirmed")
    assert location(coffee_id, cast.dana) == ("On location, as you agree together", 0)
    assert place(cast.dana, coffee_id, "De Zaak") == ["CoffeePlaceSet"]
    assert read(coffee_id).state == "confirmed"
    assert location(coffee_id, cast.bram) == ("De Zaak", 1) == location(coffee_id, cast.dana)


def test_a_venue_change_asks_again_and_keeps_the_time_claimed(cast: Cast) -> None:
    coffee_id = arrange(cast, "location", "confirmed")
    place(cast.dana, coffee_id, "De Zaak")
    assert place(cast.bram, coffee_id, "Het Hof") == ["CoffeePlaceChosen"]
    assert (read(coffee_id).state, answers(coffee_id)) == ("proposed", ["yes", "waiting"])
    assert claimed(coffee_id) == {cast.bram.id, cast.dana.id}
    assert accept(cast.dana, coffee_id) == ["CoffeePlaceSet"]
    assert location(coffee_id, cast.dana) == ("Het Hof", 2)
    assert claimed(coffee_id) == {cast.bram.id, cast.dana.id}


def test_declining_a_venue_change_releases_the_time(cast: Cast) -> None:
    coffee_id = arrange(cast, "location", "confirmed")
    place(cast.dana, coffee_id, "De Zaak")
    place(cast.bram, coffee_id, "Het Hof")
    with unit_of_work() as db:
        responses.decline_coffee(db, person(cast.dana), coffees.get_coffee(db, coffee_id))
    assert claimed(coffee_id) == set()


def test_proposing_the_same_venue_twice_has_no_effect(cast: Cast) -> None:
    coffee_id = arrange(cast, "location", "confirmed")
    place(cast.dana, coffee_id, "De Zaak")
    version = read(coffee_id).version
    assert place(cast.bram, coffee_id, "De Zaak") == []
    assert read(coffee_id).version == version


def test_a_venue_fits_the_format_and_a_link_is_https(cast: Cast) -> None:
    with pytest.raises(Conflict, match="coffee_without_place"):
        place(cast.bram, arrange(cast, "online"), "De Zaak")
    with pytest.raises(Invalid):
        place(cast.bram, arrange(cast, "own_link"), "http://meet.example.nl")


def test_an_outsider_sets_no_venue_and_no_phone_number(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast, "location")
    with pytest.raises(Forbidden), unit_of_work() as db:
        venue.choose_place(db, person(cast.olga), coffees.get_coffee(db, coffee_id), "Hier")
    with pytest.raises(Forbidden), unit_of_work() as db:
        venue.give_number(db, person(cast.olga), coffees.get_coffee(db, coffee_id), "0612345678")
    for path in ("place", "number"):
        assert page(cast.olga).get(f"/coffees/{coffee_id}/{path}").status_code == 404


def test_a_participants_call_link_shows_only_after_both_accept(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        db.get_one(User, cast.bram.id).meeting_link = LINK
    coffee_id = arrange(cast, "own_link", answers={"Bram": "yes"})
    assert "meet.example.nl" not in card(page, cast.dana, coffee_id)
    accept(cast.dana, coffee_id)
    assert f'href="{LINK}"' in card(page, cast.dana, coffee_id)
    assert location(coffee_id, cast.dana) == (LINK, 0)


def test_a_changed_call_link_notifies_and_updates_the_calendar(cast: Cast) -> None:
    coffee_id = arrange(cast, "own_link", "confirmed")
    place(cast.bram, coffee_id, LINK)
    assert place(cast.dana, coffee_id, "https://meet.example.nl/dana") == ["CoffeePlaceSet"]
    assert location(coffee_id, cast.bram) == ("https://meet.example.nl/dana", 2)
    assert read(coffee_id).state == "confirmed"


@pytest.mark.parametrize(
    ("bram", "dana", "caller"), [("", "", "Bram"), ("x", "", "Dana"), ("", "x", "Bram"), ("x", "x", "Bram")]
)
def test_the_page_shows_which_participant_calls(
    cast: Cast, page: OpenPage, bram: str, dana: str, caller: str
) -> None:
    for who, has in ((cast.bram, bram), (cast.dana, dana)):
        if has:
            has_number(who, "+31612345678")
    coffee_id = arrange(cast, "phone", "confirmed")
    said = card(page, cast.bram, coffee_id)
    assert ("By phone: you call" in said) is (caller == "Bram")
    assert ("By phone: Dana calls you" in said) is (caller == "Dana")
    entries = {location(coffee_id, who)[0] for who in (cast.bram, cast.dana)}
    assert entries == {"By phone: you call", f"By phone: {caller} calls you"}


def test_a_phone_number_shows_only_when_confirmed_and_shared(cast: Cast, page: OpenPage) -> None:
    has_number(cast.dana, "+31612345678")
    has_number(cast.bram, "+31687654321", shares=False)
    proposed = arrange(cast, "phone", answers={"Dana": "yes"})
    assert "06 12345678" not in card(page, cast.bram, proposed)
    accept(cast.bram, proposed)
    assert "06 12345678" in card(page, cast.bram, proposed)
    assert "06 87654321" not in card(page, cast.dana, proposed)
    later = clock.now() + timedelta(days=8)
    online = arrange(cast, "online", "confirmed", starts_at=later)
    assert "06 12345678" not in card(page, cast.bram, online)


def test_a_phone_number_is_shared_with_one_coffee_only(cast: Cast, page: OpenPage) -> None:
    first, second = (
        arrange(cast, "phone", "confirmed", starts_at=clock.now() + timedelta(days=day)) for day in (4, 5)
    )
    with unit_of_work() as db:
        key = make_key(db, cast.dana, "coffee", first)
    dana = page(None)
    dana.open_key(key)
    assert dana.post(f"/coffees/{first}/number", phone="06 12345678").status_code == 303
    assert dana.post(f"/coffees/{second}/number", phone="06 12345678").status_code == 404
    assert "06 12345678" in card(page, cast.bram, first)
    assert "06 12345678" not in card(page, cast.bram, second)
    assert dana.post(f"/coffees/{first}/number").status_code == 303
    assert "06 12345678" not in card(page, cast.bram, first)


def test_an_invalid_phone_number_keeps_the_typed_input(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast, "phone", "confirmed")
    answer = page(cast.bram).post(f"/coffees/{coffee_id}/number", phone="bel maar")
    assert answer.status_code == 422
    assert 'value="bel maar"' in answer.text
    assert "This isn't a phone number we can read." in unescape(answer.text)


@pytest.mark.parametrize("form", ["online", "phone", "location", "own_link"])
def test_every_format_gets_the_same_outcome_questions(
    cast: Cast, page: OpenPage, set_clock: SetClock, form: str
) -> None:
    coffee_id = arrange(cast, form, "confirmed")
    set_clock(read(coffee_id).ends_at + timedelta(hours=1))
    html = unescape(page(cast.bram).get(f"/coffees/{coffee_id}/outcome").text)
    assert [words in html for words in ("Did it take place?", "Was it worth it?", "Again?")] == [True] * 3


def test_the_profile_stores_contact_details(cast: Cast, page: OpenPage) -> None:
    bram = page(cast.bram)
    kept = {"phone": "06 12345678", "shares_phone": "1", "meeting_link": LINK}
    assert bram.post("/me/reach", **kept).status_code == 303
    html = bram.get("/me/reach").text
    assert 'value="06 12345678"' in html
    assert LINK in html
    assert bram.post("/me/reach", shares_phone="1").status_code == 422
    assert bram.post("/me/reach", meeting_link="http://plain.example").status_code == 422
    assert bram.post("/me/reach").status_code == 303
    with unit_of_work() as db:
        user = db.get_one(User, cast.bram.id)
        assert (user.phone, user.shares_phone, user.meeting_link) == ("", False, "")
