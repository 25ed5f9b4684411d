"""Tests of rounds without a livestream, from opening to coffees."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from events.accounts.actions.profile import switch_mail
from events.accounts.models import User
from events.circles.models import Circle
from events.coffees.queries.coffees import list_of_round
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden
from events.core.jobs import queue
from events.livestreams.actions.transitions import cancel_livestream
from events.livestreams.forms import CancelLivestream
from events.livestreams.queries.livestreams import get_livestream
from events.rounds.actions import lifecycle, preferences
from events.rounds.forms import OpenRound, Pause
from events.rounds.models import Round
from events.rounds.queries import rounds as matching_rounds
from tests.factories.livestreams import make_livestream
from tests.factories.registrations import make_registration
from tests.factories.rounds import make_yes
from tests.support.cast import Cast
from tests.support.mail_assertions import addresses, mails_to, path_in, text_of
from tests.support.types import OpenPage, Outbox, SetClock


def person(user: User) -> Actor:
    return Actor(kind="person", person_id=user.id, name=user.name, sign_in_id="s")


def open_round(cast: Cast, user: User, title: str = "") -> Round:
    with unit_of_work() as db:
        return lifecycle.open_standalone(
            db,
            person(user),
            db.get_one(Circle, cast.circle.id),
            OpenRound(title=title) if title else OpenRound(),
        )


def times_of(round_: Round) -> list[str]:
    return round_.times[:3]


def test_opening_a_standalone_round_mails_members_only(
    cast: Cast, set_clock: SetClock, page: OpenPage, outbox: Outbox
) -> None:
    answer = page(cast.anna).post(
        f"/circles/{cast.circle.slug}/rounds/new", title="Koffie voor de zomer", days="5"
    )
    assert answer.status_code == 303
    sent = [mail for mail in outbox() if mail["Subject"].startswith("A coffee in")]
    assert addresses(sent) == sorted(user.email for user in (cast.anna, cast.bram, cast.chris, cast.dana))
    assert "Koffie voor de zomer" in text_of(sent[0])
    with unit_of_work() as db:
        round_ = db.scalars(select(Round)).one()
    assert (round_.occasion, round_.livestream_id, len(round_.times)) == ("standalone", None, 8)


def test_a_mail_link_opts_in_without_sign_in_and_grants_nothing_else(
    cast: Cast, set_clock: SetClock, page: OpenPage, outbox: Outbox
) -> None:
    round_ = open_round(cast, cast.anna)
    (mail,) = mails_to(outbox(), cast.bram)
    browser = page(None)
    address = browser.get(path_in(mail, "/k/")).location
    assert address == f"/rounds/{round_.id}/coffee"
    html = browser.get(address).text
    assert html.count('name="times"') == 8
    answer = browser.post(f"{address}?change=1", times=times_of(round_), forms="online", lengths=["30", "45"])
    assert answer.status_code == 303
    with unit_of_work() as db:
        yes = matching_rounds.opt_in_of(db, round_.id, cast.bram.id)
    assert yes is not None
    assert (yes.state, yes.lengths) == ("waiting", [30, 45])
    html = browser.get(address).text
    assert 'data-status="opted_in"' in html
    assert 'name="times"' not in html
    assert 'name="times"' in browser.get(f"{address}?change=1").text
    for path in (
        f"/circles/{cast.circle.slug}/coffee",
        f"/rounds/{round_.id}",
        f"/circles/{cast.circle.slug}/members",
    ):
        assert browser.get(path).location.startswith("/sign-in")
    assert browser.post(f"{address}/withdraw").status_code == 303
    with unit_of_work() as db:
        yes = matching_rounds.opt_in_of(db, round_.id, cast.bram.id)
    assert yes is not None
    assert yes.state == "withdrawn"


def test_a_coffee_has_the_longest_duration_that_both_chose(
    cast: Cast, set_clock: SetClock, page: OpenPage
) -> None:
    round_ = open_round(cast, cast.anna)
    for user, lengths in ((cast.bram, ["15", "45"]), (cast.chris, ["15", "30"])):
        page(user).post(
            f"/rounds/{round_.id}/coffee?change=1", times=times_of(round_), forms="phone", lengths=lengths
        )
    set_clock(round_.publish_at)
    queue.run_due()
    with unit_of_work() as db:
        [coffee] = list_of_round(db, round_.id)
    assert {seat.user_id for seat in coffee.seats} == {cast.bram.id, cast.chris.id}
    assert (coffee.minutes, coffee.form) == (15, "phone")
    assert 'data-status="coffee"' in page(cast.bram).get(f"/rounds/{round_.id}/coffee").text


def test_an_outsider_finds_no_round(cast: Cast, set_clock: SetClock, page: OpenPage) -> None:
    round_ = open_round(cast, cast.anna)
    olga = page(cast.olga)
    assert olga.get(f"/rounds/{round_.id}/coffee").status_code == 404
    assert olga.post(f"/rounds/{round_.id}/coffee", times=times_of(round_), forms="online").status_code == 404
    assert olga.get(f"/circles/{cast.circle.slug}/coffee").status_code == 404
    assert olga.post(f"/circles/{cast.circle.slug}/rounds/new").status_code == 404


def test_a_member_cannot_open_a_round_and_only_one_is_open_at_once(cast: Cast, set_clock: SetClock) -> None:
    with pytest.raises(Forbidden):
        open_round(cast, cast.bram)
    open_round(cast, cast.anna)
    with pytest.raises(Conflict, match="round_open_already"):
        open_round(cast, cast.anna)


def test_paused_and_unsubscribed_members_get_no_mail(cast: Cast, set_clock: SetClock, outbox: Outbox) -> None:
    with unit_of_work() as db:
        circle = db.get_one(Circle, cast.circle.id)
        until = (clock.now() + timedelta(days=9)).date()
        preferences.pause_coffees(db, person(cast.bram), circle, Pause(until=until))
        switch_mail(db, SYSTEM, cast.chris.id, "round_news", on=False)
    open_round(cast, cast.anna)
    sent = [mail for mail in outbox() if mail["Subject"].startswith("A coffee in")]
    assert addresses(sent) == sorted([cast.anna.email, cast.dana.email])


def test_the_circle_page_shows_open_rounds(cast: Cast, set_clock: SetClock, page: OpenPage) -> None:
    round_ = open_round(cast, cast.anna, "Koffie voor de zomer")
    address = f"/circles/{cast.circle.slug}/coffee"
    html = page(cast.bram).get(address).text
    assert "Koffie voor de zomer" in html
    assert f"/rounds/{round_.id}/coffee" in html
    assert "Open a round" not in html
    assert "Open a round" in page(cast.anna).get(address).text
    with unit_of_work() as db:
        make_yes(db, round_, cast.bram)
    assert "See how it stands" in page(cast.bram).get(address).text


def test_a_cancelled_livestream_opens_a_round_from_page_and_mail(
    cast: Cast, set_clock: SetClock, page: OpenPage, outbox: Outbox
) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(
            db, cast.circle, cast.anna, title="Morgen", starts_at=clock.now() + timedelta(days=1)
        )
        make_registration(db, livestream, cast.bram)
    with unit_of_work() as db:
        cancel_livestream(db, person(cast.anna), get_livestream(db, livestream.id), CancelLivestream())
    sent = [mail for mail in outbox() if "Cancelled" in mail["Subject"]]
    assert addresses(sent) == [cast.bram.email]
    browser = page(None)
    link = path_in(sent[0], "then=coffee")
    address = browser.get(link).location
    assert address == f"/livestreams/{livestream.slug}/coffee"
    with unit_of_work() as db:
        round_ = db.scalars(select(Round)).one()
    assert round_.occasion == "instead"
    assert browser.post(address, times=times_of(round_), forms="online").status_code == 303
    assert "Yes, coffee" in page(cast.chris).get(f"/livestreams/{livestream.slug}").text
    assert page(cast.chris).post(address, times=times_of(round_), forms="online").status_code == 303
    set_clock(round_.publish_at)
    queue.run_due()
    with unit_of_work() as db:
        assert len(list_of_round(db, round_.id)) == 1


def test_the_home_page_asks_members_to_opt_in_and_shows_organisers_the_draft(
    cast: Cast, set_clock: SetClock, page: OpenPage
) -> None:
    round_ = open_round(cast, cast.anna, "Koffie voor de zomer")
    assert f"/rounds/{round_.id}/coffee" in page(cast.bram).get("/").text
    assert round_.id not in page(cast.olga).get("/").text
    with unit_of_work() as db:
        for user in (cast.bram, cast.chris):
            make_yes(db, round_, user)
    assert round_.id not in page(cast.bram).get("/").text
    set_clock(round_.closes_at)
    queue.run_due()
    assert f'href="/rounds/{round_.id}"' in page(cast.anna).get("/").text
    assert round_.id not in page(cast.bram).get("/").text
    with unit_of_work() as db:
        circle = db.get_one(Circle, cast.circle.id)
        until = (clock.now() + timedelta(days=90)).date()
        preferences.pause_coffees(db, person(cast.dana), circle, Pause(until=until))
    with unit_of_work() as db:
        db.get_one(Round, round_.id).state = "closed"
    second = open_round(cast, cast.anna)
    assert second.id not in page(cast.dana).get("/").text
    assert second.id in page(cast.bram).get("/").text
