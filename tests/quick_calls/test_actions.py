"""Tests of quick calls: two who have time now are paired at once; nobody else learns who had time."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from events.accounts.models import User
from events.circles.models import Circle, Membership
from events.coffees.actions.outcomes import record_outcome
from events.coffees.forms import Outcome
from events.coffees.models import Coffee
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden
from events.quick_calls import actions
from events.quick_calls.models import QuickCallOffer
from events.quick_calls.rules import MAX_CALLS_PER_DAY
from events.rounds.models import Exclusion
from tests.factories.accounts import make_block, make_user
from tests.factories.circles import make_member
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast
from tests.support.types import OpenPage, OpenSocket, SetClock

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def _now(set_clock: SetClock) -> None:
    """A Monday in November, ten in the morning in Amsterdam."""


def look(cast: Cast, who: User) -> Coffee | None:
    with unit_of_work() as db:
        return actions.look_for_call(db, person(who), db.get_one(Circle, cast.circle.id))


def test_two_who_have_time_now_get_a_coffee_that_begins_at_once(cast: Cast, open_socket: OpenSocket) -> None:
    bram, anna, olga = (open_socket(who) for who in (cast.bram, cast.anna, cast.olga))
    assert look(cast, cast.bram) is None
    found = look(cast, cast.dana)
    assert found is not None
    assert (found.state, found.form, found.minutes, found.kind) == ("confirmed", "online", 15, "coffee")
    assert found.starts_at == clock.now()
    assert {seat.user_id for seat in found.seats} == {cast.bram.id, cast.dana.id}
    assert bram.received("quick_calls.found") == [{"coffee": found.id}]
    assert anna.received() == olga.received() == []
    for who in (cast.bram, cast.dana):
        again = look(cast, who)
        assert again is not None
        assert again.id == found.id


def test_a_third_is_not_paired_with_one_who_has_a_call(cast: Cast) -> None:
    look(cast, cast.bram)
    assert look(cast, cast.dana) is not None
    assert look(cast, cast.chris) is None
    with unit_of_work() as db:
        assert len(db.scalars(select(Coffee)).all()) == 1


def test_who_waits_longest_is_met_first(cast: Cast, set_clock: SetClock) -> None:
    look(cast, cast.chris)
    with unit_of_work() as db:
        make_block(db, cast.chris, cast.bram)
    set_clock(timedelta(seconds=10))
    assert look(cast, cast.bram) is None
    set_clock(timedelta(seconds=10))
    found = look(cast, cast.dana)
    assert found is not None
    assert cast.chris.id in {seat.user_id for seat in found.seats}


@pytest.mark.parametrize(
    "why", ["blocked", "excluded", "company", "language", "met", "page closed", "busy", "left"]
)
def test_two_who_may_not_meet_go_on_looking(cast: Cast, set_clock: SetClock, why: str) -> None:
    assert look(cast, cast.bram) is None
    with unit_of_work() as db:
        bram, dana = db.get_one(User, cast.bram.id), db.get_one(User, cast.dana.id)
        if why == "blocked":
            make_block(db, dana, bram)
        elif why == "excluded":
            apart = Exclusion(user_id=bram.id, other_id=dana.id, why="competitor", created_at=clock.now())
            db.add(apart)
        elif why == "company":
            bram.company, dana.company = "Bakkerij Bol", "bakkerij bol"
        elif why == "language":
            bram.languages, dana.languages = "nl", "de"
        elif why == "met":
            make_coffee(db, cast.circle, [bram, dana], state="met")
        elif why == "busy":
            soon = clock.now() + timedelta(minutes=5)
            make_coffee(db, cast.circle, [bram, cast.chris], state="confirmed", starts_at=soon)
        elif why == "left":
            db.execute(delete(Membership).where(Membership.user_id == bram.id))
    if why == "page closed":
        set_clock(timedelta(minutes=2))
    assert look(cast, cast.dana) is None


def test_who_stops_or_runs_out_is_not_paired(cast: Cast, set_clock: SetClock) -> None:
    look(cast, cast.bram)
    with unit_of_work() as db:
        actions.stop_looking(db, person(cast.bram), db.get_one(Circle, cast.circle.id))
    assert look(cast, cast.dana) is None
    for _ in range(29):
        set_clock(timedelta(minutes=1))
        assert look(cast, cast.dana) is None
    set_clock(timedelta(minutes=1))
    assert look(cast, cast.chris) is None


def test_one_who_has_a_coffee_soon_cannot_offer(cast: Cast) -> None:
    with unit_of_work() as db:
        soon = clock.now() + timedelta(minutes=10)
        make_coffee(db, cast.circle, [cast.bram, cast.chris], state="confirmed", starts_at=soon)
    with pytest.raises(Conflict, match="quick_call_busy"):
        look(cast, cast.bram)


def test_a_person_has_a_few_quick_calls_a_day(cast: Cast, set_clock: SetClock) -> None:
    for number in range(MAX_CALLS_PER_DAY):
        with unit_of_work() as db:
            other = make_user(db, f"Lid {number}")
            make_member(db, cast.circle, other)
        look(cast, cast.bram)
        assert look(cast, other) is not None
        set_clock(timedelta(minutes=30))
    with pytest.raises(Conflict, match="quick_calls_enough"):
        look(cast, cast.bram)
    set_clock(timedelta(days=1))
    assert look(cast, cast.bram) is None
    with unit_of_work() as db:
        assert len(db.scalars(select(QuickCallOffer)).all()) == 1  # earlier ones are deleted


def test_the_two_of_a_quick_call_tell_about_it_as_of_any_coffee(cast: Cast, set_clock: SetClock) -> None:
    look(cast, cast.bram)
    found = look(cast, cast.dana)
    assert found is not None
    set_clock(timedelta(minutes=16))
    with unit_of_work() as db:
        record_outcome(db, person(cast.bram), db.get_one(Coffee, found.id), Outcome(took_place="yes"))
        assert db.get_one(Coffee, found.id).state == "met"
    assert look(cast, cast.bram) is None
    assert look(cast, cast.dana) is None  # not the same two again


def test_a_stranger_cannot_offer(cast: Cast, page: OpenPage) -> None:
    with pytest.raises(Forbidden):
        look(cast, cast.olga)
    path = f"/circles/{cast.circle.slug}/quick-call"
    assert page(cast.olga).post(path).status_code in {403, 404}
    assert page(cast.olga).post(f"{path}/stop").status_code in {403, 404}


def test_the_page_says_the_same_however_many_look(cast: Cast, page: OpenPage) -> None:
    path = f"/circles/{cast.circle.slug}/quick-call"
    with unit_of_work() as db:
        make_block(db, cast.chris, cast.bram)
    alone = page(cast.bram)
    assert alone.post(path).location.endswith(path)
    before = alone.main(path)
    assert "Who has a quarter of an hour too?" in before
    assert page(cast.chris).post(path).location.endswith(path)
    assert alone.main(path) == before


def test_the_page_leads_to_the_call_and_back_to_the_offer(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    path = f"/circles/{cast.circle.slug}/quick-call"
    bram, dana = page(cast.bram), page(cast.dana)
    assert f'action="{path}"' in bram.main("/")
    assert "I have a quarter of an hour now" in bram.main(path)
    bram.post(path)
    assert dana.post(path).location.endswith("/call")
    assert bram.get(path).location.endswith("/call")
    set_clock(timedelta(minutes=15))
    assert "Do you have a quarter of an hour now?" in bram.main(path)


def test_the_page_says_that_nobody_came(cast: Cast, page: OpenPage, set_clock: SetClock) -> None:
    path = f"/circles/{cast.circle.slug}/quick-call"
    bram = page(cast.bram)
    bram.post(path)
    set_clock(timedelta(minutes=30))
    assert "Nobody had time just now" in bram.main(path)
    bram.post(path)
    assert "Who has a quarter of an hour too?" in bram.main(path)
    stopped = bram.post(f"{path}/stop", follow=True)
    assert "Nobody saw that you had time." in stopped.text
    assert "Do you have a quarter of an hour now?" in stopped.text
