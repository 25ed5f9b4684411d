"""Tests of no-shows: notices at three and seven minutes, replacements, and privacy of the absent."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.calls.actions import enter_call, leave_call, record_trouble
from events.coffees.actions.responses import cancel_coffee
from events.coffees.models import Coffee
from events.coffees.signals import CoffeeConfirmed
from events.core.bus import announce
from events.core.db.session import unit_of_work
from events.core.errors import NotFound
from events.rescue import actions
from events.rescue.models import Stranded
from events.rounds.models import FairnessScore
from tests.factories.accounts import make_block, make_key
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast
from tests.support.mail_assertions import addresses
from tests.support.types import OpenPage, OpenSocket, Outbox, SetClock

pytestmark = pytest.mark.postgres
START = datetime(2026, 12, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def agreed(cast: Cast, set_clock: SetClock) -> str:
    """Bram and Dana meet at half past ten."""
    return stands(cast, [cast.bram, cast.dana])


def stands(cast: Cast, people: list[User], **more: object) -> str:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, people, state="confirmed", starts_at=START, **more)  # type: ignore[arg-type]  # the factory's own names
        announce(db, CoffeeConfirmed(coffee.id))
        return coffee.id


def enter(who: User, coffee_id: str, set_clock: SetClock, moment: datetime = START) -> None:
    set_clock(moment)
    with unit_of_work() as db:
        enter_call(db, person(who), db.get_one(Coffee, coffee_id), tab=f"tab-{who.name}")


def waited(sent: list[EmailMessage]) -> list[str]:
    return addresses([mail for mail in sent if "waiting" in mail["Subject"]])


def look(who: User, coffee_id: str) -> Coffee | None:
    with unit_of_work() as db:
        return actions.request_replacement(db, person(who), db.get_one(Coffee, coffee_id))


def missed_rounds(user: User) -> int:
    with unit_of_work() as db:
        return db.scalar(select(FairnessScore.missed).where(FairnessScore.user_id == user.id)) or 0


def test_at_three_minutes_the_absent_hear_it_on_all_channels_and_nobody_else(
    cast: Cast, agreed: str, set_clock: SetClock, outbox: Outbox, open_socket: OpenSocket
) -> None:
    bram, dana, olga, anna = (open_socket(who) for who in (cast.bram, cast.dana, cast.olga, cast.anna))
    enter(cast.bram, agreed, set_clock)
    set_clock(START + timedelta(minutes=2, seconds=59))
    assert waited(outbox()) == []
    set_clock(START + timedelta(minutes=3))
    assert waited(outbox()) == [cast.dana.email]
    assert dana.received("calls.waiting") == [{"coffee": agreed}]
    assert bram.received("calls.absent") == [{"coffee": agreed, "offer": False}]
    for stranger in (olga, anna):
        assert stranger.received() == []
    set_clock(START + timedelta(minutes=4))
    assert waited(outbox()) == [cast.dana.email]


def test_after_seven_minutes_a_waiting_person_gets_priority_once_and_an_offer(
    cast: Cast, agreed: str, set_clock: SetClock, outbox: Outbox, page: OpenPage, open_socket: OpenSocket
) -> None:
    enter(cast.bram, agreed, set_clock)
    bram = open_socket(cast.bram)
    set_clock(START + timedelta(minutes=7))
    outbox()
    assert bram.received("calls.absent")[-1] == {"coffee": agreed, "offer": True}
    assert (missed_rounds(cast.bram), missed_rounds(cast.dana)) == (1, 0)
    shown = page(cast.bram).get(f"/coffees/{agreed}/rescue").text
    assert "Dana isn't here yet" in shown
    assert "Something may have come up; we don't ask what." in shown
    assert shown.count('class="time time-tap"') == 3
    assert page(cast.dana).get(f"/coffees/{agreed}/rescue").location.endswith(f"/coffees/{agreed}")
    for stranger in (cast.olga, cast.anna):
        assert page(stranger).get(f"/coffees/{agreed}/rescue").status_code == 404


def test_where_the_technique_failed_nobody_is_to_blame(
    cast: Cast, agreed: str, set_clock: SetClock, outbox: Outbox, page: OpenPage
) -> None:
    enter(cast.bram, agreed, set_clock)
    with unit_of_work() as db:
        coffee = db.get_one(Coffee, agreed)
        record_trouble(db, person(cast.bram), coffee, "no_devices", tab="tab-Bram")
    set_clock(START + timedelta(minutes=7))
    outbox()
    shown = page(cast.bram).get(f"/coffees/{agreed}/rescue").text
    assert "The technique got in the way. That's nobody's fault" in shown
    assert "Something may have come up" not in shown
    assert shown.count('class="time time-tap"') == 3


@pytest.mark.parametrize("why", ["called off", "both came", "had trouble", "we were away", "by phone"])
def test_no_one_counts_as_absent_when(cast: Cast, set_clock: SetClock, outbox: Outbox, why: str) -> None:
    """Cancelled, technical trouble, our own outage, a form without a call."""
    set_clock(START - timedelta(days=2))
    agreed = stands(cast, [cast.bram, cast.dana], form="phone" if why == "by phone" else "online")
    if why == "called off":
        with unit_of_work() as db:
            cancel_coffee(db, person(cast.dana), db.get_one(Coffee, agreed))
    elif why != "by phone":
        enter(cast.bram, agreed, set_clock)
    if why == "both came":
        enter(cast.dana, agreed, set_clock)
    if why == "had trouble":  # was there, and the line broke before a picture came
        enter(cast.dana, agreed, set_clock)
        with unit_of_work() as db:
            leave_call(db, person(cast.dana), db.get_one(Coffee, agreed), tab="tab-Dana")
    if why != "we were away":
        set_clock(START + timedelta(minutes=3))
        outbox()
    set_clock(START + timedelta(minutes=12))
    assert waited(outbox()) == []
    with unit_of_work() as db:
        assert db.scalars(select(Stranded)).all() == []
    assert missed_rounds(cast.bram) == 0


def test_a_late_arrival_cancels_the_no_show_mail(
    cast: Cast, agreed: str, set_clock: SetClock, outbox: Outbox
) -> None:
    enter(cast.bram, agreed, set_clock)
    enter(cast.dana, agreed, set_clock, START + timedelta(minutes=2))
    set_clock(START + timedelta(minutes=7))
    assert waited(outbox()) == []


def two_wait(cast: Cast, set_clock: SetClock, outbox: Outbox) -> tuple[str, str]:
    """Bram waits for Dana, and Chris for Anna, at the same hour."""
    one, other = stands(cast, [cast.bram, cast.dana]), stands(cast, [cast.chris, cast.anna])
    enter(cast.bram, one, set_clock)
    enter(cast.chris, other, set_clock)
    set_clock(START + timedelta(minutes=7))
    outbox()
    return one, other


def test_two_waiting_people_get_a_coffee_together_at_once(
    cast: Cast, set_clock: SetClock, outbox: Outbox, page: OpenPage, open_socket: OpenSocket
) -> None:
    one, other = two_wait(cast, set_clock, outbox)
    bram, olga = open_socket(cast.bram), open_socket(cast.olga)
    assert look(cast.bram, one) is None
    found = look(cast.chris, other)
    assert found is not None
    assert (found.state, found.form, found.follows_id) == ("confirmed", "online", None)
    assert {seat.user_id for seat in found.seats} == {cast.bram.id, cast.chris.id}
    assert bram.received("rescue.found") == [{"coffee": one, "found": found.id}]
    assert olga.received() == []
    assert (missed_rounds(cast.bram), missed_rounds(cast.chris)) == (0, 0)
    led = page(cast.bram).get(f"/coffees/{one}/rescue")
    assert led.location.endswith(f"/coffees/{found.id}/call")
    again = look(cast.chris, other)
    assert again is not None
    assert again.id == found.id


@pytest.mark.parametrize("why", ["blocked", "one company", "no common language", "gone"])
def test_replacements_follow_the_hard_rules(
    cast: Cast, set_clock: SetClock, outbox: Outbox, why: str
) -> None:
    one, other = two_wait(cast, set_clock, outbox)
    with unit_of_work() as db:
        bram, chris = db.get_one(User, cast.bram.id), db.get_one(User, cast.chris.id)
        if why == "blocked":
            make_block(db, chris, bram)
        elif why == "one company":
            bram.company, chris.company = "Bakkerij Bol", "bakkerij bol"
        elif why == "no common language":
            bram.languages, chris.languages = "nl", "de"
    assert look(cast.bram, one) is None
    if why == "gone":
        set_clock(timedelta(minutes=2))  # the page that looked has stopped asking
    assert look(cast.chris, other) is None


def test_only_a_waiting_person_sees_no_show_options(cast: Cast, agreed: str, set_clock: SetClock) -> None:
    set_clock(START + timedelta(minutes=8))
    for nobody in (cast.bram, cast.dana, cast.olga, cast.anna):
        with pytest.raises(NotFound):
            look(nobody, agreed)


def test_a_mail_link_grants_access_to_the_replacement_call(
    cast: Cast, set_clock: SetClock, outbox: Outbox, page: OpenPage
) -> None:
    one, other = two_wait(cast, set_clock, outbox)
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "coffee", one)
    visitor = page(None)
    visitor.open_key(key)
    look(cast.chris, other)
    led = visitor.post(f"/coffees/{one}/rescue")
    assert "/k/" in led.location
    assert visitor.get(led.location).location.endswith("/call")
