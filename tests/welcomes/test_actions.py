"""Tests of welcome coffees: who is new is offered one, with a member who agreed, never two at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.circles.actions.joining import join_circle
from events.circles.models import Circle, Membership
from events.coffees.actions.responses import accept_coffee, decline_coffee
from events.coffees.models import Coffee
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden
from events.rounds.models import Exclusion
from events.welcomes import actions
from events.welcomes.forms import WelcomeNewcomers
from events.welcomes.models import Welcomer
from events.welcomes.rules import MAX_PER_MONTH, NEWCOMER_FOR
from tests.factories.accounts import make_block, make_key, make_user
from tests.factories.circles import make_member
from tests.factories.coffees import person
from tests.pages.test_views import filled
from tests.support.cast import Cast
from tests.support.mail_assertions import addresses
from tests.support.types import OpenPage, Outbox, SetClock


@pytest.fixture
def newcomer(cast: Cast, set_clock: SetClock) -> User:
    """Nora joined now; the cast has been there for a month, and Dana welcomes."""
    set_clock(timedelta(days=30))
    welcomes(cast, cast.dana)
    return join(cast, "Nora")


def join(cast: Cast, name: str) -> User:
    with unit_of_work() as db:
        user = make_user(db, name)
        make_member(db, cast.circle, user)
        return user


def welcomes(cast: Cast, who: User, *, on: bool = True) -> None:
    with unit_of_work() as db:
        circle = db.get_one(Circle, cast.circle.id)
        actions.choose_to_welcome(db, person(who), circle, WelcomeNewcomers(welcomes=on))


def accept(cast: Cast, who: User) -> Coffee:
    with unit_of_work() as db:
        return actions.accept_welcome(db, person(who), db.get_one(Circle, cast.circle.id))


def test_a_newcomer_is_offered_a_coffee_and_the_welcomer_answers(
    cast: Cast, newcomer: User, page: OpenPage, outbox: Outbox
) -> None:
    nora = page(newcomer)
    assert filled(nora.get("/").text) == ["Yes, a welcome coffee"]
    assert "welcome coffee" not in page(cast.bram).get("/").text  # who has been there for a month
    answer = nora.post(f"/circles/{cast.circle.slug}/welcome-coffee")
    with unit_of_work() as db:
        coffee = db.scalars(select(Coffee)).one()
        assert answer.location.endswith(f"/coffees/{coffee.id}")
        assert (coffee.state, coffee.minutes, coffee.form) == ("proposed", 30, "online")
        assert {seat.user.name: seat.answer for seat in coffee.seats} == {"Nora": "yes", "Dana": "waiting"}
    assert addresses(outbox()) == [cast.dana.email]
    assert "Nora is new in the circle, and you welcome newcomers." in page(cast.dana).main(answer.location)
    assert "Dana has been here longer and welcomes newcomers." in nora.main(answer.location)
    assert "Yes, a welcome coffee" not in nora.main("/")
    with unit_of_work() as db:
        accept_coffee(db, person(cast.dana), db.get_one(Coffee, coffee.id))
        assert db.get_one(Coffee, coffee.id).state == "confirmed"


def test_never_two_at_once_and_another_after_a_no(cast: Cast, newcomer: User) -> None:
    welcomes(cast, cast.chris)
    first = accept(cast, newcomer)
    assert accept(cast, newcomer).id == first.id
    asked = {seat.user_id for seat in first.seats} - {newcomer.id}
    other = cast.dana if cast.dana.id in asked else cast.chris
    with unit_of_work() as db:
        decline_coffee(db, person(other), db.get_one(Coffee, first.id))
    second = accept(cast, newcomer)
    assert {seat.user_id for seat in second.seats} - {newcomer.id} == {cast.chris.id, cast.dana.id} - {
        other.id
    }


def test_a_welcomer_is_asked_a_few_times_a_month(cast: Cast, newcomer: User, set_clock: SetClock) -> None:
    accept(cast, newcomer)
    for number in range(MAX_PER_MONTH - 1):
        accept(cast, join(cast, f"Nieuw {number}"))
    late = join(cast, "Te laat")
    with pytest.raises(Conflict, match="no_welcome_now"):
        accept(cast, late)
    set_clock(timedelta(days=31))
    assert accept(cast, join(cast, "Later")).state == "proposed"


@pytest.mark.parametrize("why", ["blocked", "excluded", "company", "stopped", "newer", "two weeks"])
def test_no_welcome_coffee_when(cast: Cast, newcomer: User, set_clock: SetClock, why: str) -> None:
    with unit_of_work() as db:
        nora, dana = db.get_one(User, newcomer.id), db.get_one(User, cast.dana.id)
        if why == "blocked":
            make_block(db, dana, nora)
        elif why == "excluded":
            db.add(Exclusion(user_id=dana.id, other_id=nora.id, why="competitor", created_at=clock.now()))
        elif why == "company":
            nora.company, dana.company = "Bakkerij Bol", "bakkerij bol"
        elif why == "newer":
            own = db.scalars(select(Membership).where(Membership.user_id == dana.id)).one()
            own.created_at = clock.now() + timedelta(minutes=1)
    if why == "stopped":
        welcomes(cast, cast.dana, on=False)
    elif why == "two weeks":
        set_clock(NEWCOMER_FOR)
    with pytest.raises(Conflict, match="welcome_over" if why == "two weeks" else "no_welcome_now"):
        accept(cast, newcomer)


def test_a_block_changes_nothing_of_the_offer(cast: Cast, newcomer: User, page: OpenPage) -> None:
    before = page(newcomer).main("/")
    with unit_of_work() as db:
        make_block(db, cast.dana, newcomer)
    assert page(newcomer).main("/") == before


def test_strangers_neither_ask_nor_welcome(cast: Cast, newcomer: User, page: OpenPage) -> None:
    for act in (accept, welcomes):
        with pytest.raises(Forbidden):
            act(cast, cast.olga)
    for path in ("welcome-coffee", "welcoming"):
        assert page(cast.olga).get(f"/circles/{cast.circle.slug}/{path}").status_code in {403, 404}


def test_a_member_chooses_to_welcome_on_a_page(cast: Cast, page: OpenPage) -> None:
    bram = page(cast.bram)
    path = f"/circles/{cast.circle.slug}/welcoming"
    assert f'href="{path}"' in bram.main(f"/circles/{cast.circle.slug}/coffee")
    assert "checked" not in bram.main(path)
    assert "Now and then a newcomer asks you" in bram.post(path, follow=True, welcomes="1").text
    assert "checked" in bram.main(path)
    bram.post(path)
    with unit_of_work() as db:
        assert db.scalars(select(Welcomer)).all() == []


@pytest.mark.parametrize("somebody_welcomes", [True, False])
def test_who_joined_gets_one_mail_a_day_later_if_somebody_welcomes(
    cast: Cast, page: OpenPage, set_clock: SetClock, outbox: Outbox, somebody_welcomes: bool
) -> None:
    set_clock(timedelta(days=30))
    welcomes(cast, cast.dana, on=somebody_welcomes)
    with unit_of_work() as db:
        nora = make_user(db, "Nora")
        circle = db.get_one(Circle, cast.circle.id)
        circle.joining = "open"
        join_circle(db, person(nora), circle)
    assert outbox() == []
    set_clock(timedelta(days=1, hours=1))
    sent = outbox()
    assert addresses(sent) == ([nora.email] if somebody_welcomes else [])
    set_clock(timedelta(days=10))
    assert len(outbox()) == len(sent)
    if sent:
        assert "A welcome coffee in" in sent[0]["Subject"]
        with unit_of_work() as db:
            key = make_key(db, nora, "welcome", cast.circle.id)
        visitor = page(None)
        visitor.open_key(key)
        path = f"/circles/{cast.circle.slug}/welcome-coffee"
        assert "Yes, a welcome coffee" in visitor.main(path)
        with unit_of_work() as db:
            assert db.scalars(select(Coffee)).all() == []  # opening the link changed nothing
        led = visitor.post(path)
        assert "/k/" in led.location
        assert "/coffees/" in visitor.get(led.location).location
        assert "/coffees/" in visitor.get(path).location
        from_the_mail_again = page(None)
        from_the_mail_again.open_key(key)
        assert "See the coffee" in from_the_mail_again.main(path)
