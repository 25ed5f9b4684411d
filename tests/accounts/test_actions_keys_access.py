"""Access by personal keys: verbs, sign-in, lifetime, browser binding and revocation."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from events.accounts.models import PendingSignUp, PersonalKey, User
from events.accounts.queries.people import secret_of
from events.accounts.rules import PURPOSES
from events.circles.models import Membership
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.jobs import queue
from events.core.realtime import revocations
from tests.factories.accounts import keys_mailed, make_key, set_password
from tests.factories.circles import make_invitation
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.clients import PageClient, SocketClient
from tests.support.types import OpenPage, SetClock

GOOD = "koffie met melk"


def english(page: OpenPage) -> PageClient:
    visitor = page(None)
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return visitor


def is_in(reader: PageClient) -> bool:
    return reader.get("/me").status_code == 200


def is_member(cast: Cast, user: User) -> bool:
    with unit_of_work() as db:
        query = select(Membership).where(Membership.user_id == user.id)
        return db.scalar(query.where(Membership.circle_id == cast.circle.id)) is not None


def unconfirm(user: User) -> None:
    with unit_of_work() as db:
        db.get_one(User, user.id).confirmed_at = None


def test_an_invitation_does_not_sign_in_to_a_confirmed_account(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        key = make_invitation(db, cast.circle, cast.olga, invited_by=cast.anna)
    finder = page(None)
    shown = finder.open_key(key)
    assert shown.status_code == 200
    assert cast.circle.name in shown.text
    finder.post(f"/k/{secret_of(key)}")
    assert not is_in(finder)
    assert not is_member(cast, cast.olga)


def test_the_owner_joins_after_signing_in_by_a_fresh_link(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        key = make_invitation(db, cast.circle, cast.olga, invited_by=cast.anna)
    olga = page(None)
    assert olga.post(f"/k/{secret_of(key)}/link").headers["Location"] == "/check-mail"
    (link,) = keys_mailed(cast.olga.email, "sign_in")
    assert link.expires_at - link.created_at <= timedelta(minutes=10)
    assert olga.post(f"/k/{secret_of(link)}").headers["Location"] == f"/circles/{cast.circle.slug}/welcome"
    olga.post(f"/circles/{cast.circle.slug}/welcome")
    assert is_member(cast, cast.olga)


def test_an_old_invitation_does_not_sign_in(page: OpenPage, cast: Cast, set_clock: SetClock) -> None:
    unconfirm(cast.olga)
    with unit_of_work() as db:
        key = make_invitation(db, cast.circle, cast.olga, invited_by=cast.anna)
    set_clock(PURPOSES["join"].enters_for + timedelta(seconds=1))
    olga = page(None)
    olga.post(f"/k/{secret_of(key)}")
    assert not is_in(olga)
    assert not is_member(cast, cast.olga)
    olga.post(f"/k/{secret_of(key)}/link")
    (link,) = keys_mailed(cast.olga.email, "confirm")
    assert olga.post(f"/k/{secret_of(link)}").headers["Location"].endswith("/welcome")
    assert is_in(olga)


def test_a_confirmation_does_not_sign_in_to_a_confirmed_account(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "confirm")
    finder = page(None)
    assert finder.open_key(key).status_code == 404
    assert finder.post(f"/k/{secret_of(key)}").status_code == 404
    assert not is_in(finder)


@pytest.mark.parametrize(("purpose", "longest"), [("sign_in", 10), ("confirm", 60)])
def test_keys_that_sign_in_are_short_lived(purpose: str, longest: int) -> None:
    assert PURPOSES[purpose].lifetime <= timedelta(minutes=longest)


def test_a_link_works_only_in_the_browser_that_requested_it(page: OpenPage, cast: Cast) -> None:
    asked, other = page(None), english(page)
    asked.post("/sign-in", email=cast.bram.email, how="link")
    (key,) = keys_mailed(cast.bram.email, "sign_in")
    assert "in another browser" in other.open_key(key).text
    other.post(f"/k/{secret_of(key)}")
    assert not is_in(other)
    other.post(f"/k/{secret_of(key)}/link")
    (again,) = [mailed for mailed in keys_mailed(cast.bram.email, "sign_in") if mailed.id != key.id]
    other.post(f"/k/{secret_of(again)}")
    assert is_in(other)
    asked.post(f"/k/{secret_of(key)}")
    assert is_in(asked)


def test_only_the_newest_link_of_a_browser_works(page: OpenPage, cast: Cast) -> None:
    bram = page(None)
    bram.post("/sign-in", email=cast.bram.email, how="link")
    keys_mailed(cast.bram.email, "sign_in")
    bram.post("/sign-in", email=cast.bram.email, how="link")
    keys = keys_mailed(cast.bram.email, "sign_in")
    (former,) = [key for key in keys if key.revoked_at is not None]
    (newest,) = [key for key in keys if key.revoked_at is None]
    assert bram.post(f"/k/{secret_of(former)}").status_code == 404
    assert bram.post(f"/k/{secret_of(newest)}").status_code == 303


def test_a_strangers_requests_do_not_revoke_the_owners_link(page: OpenPage, cast: Cast) -> None:
    bram, stranger = page(None), page(None)
    bram.post("/sign-in", email=cast.bram.email, how="link")
    (key,) = keys_mailed(cast.bram.email, "sign_in")
    stranger.post("/sign-in", email=cast.bram.email, how="link")
    keys_mailed(cast.bram.email, "sign_in")
    bram.post(f"/k/{secret_of(key)}")
    assert is_in(bram)


def ends_by_signing_out_everywhere(bram: PageClient) -> None:
    bram.post("/me/sign-ins/end-all")


def ends_by_a_new_password(bram: PageClient) -> None:
    bram.post("/me/password", current=GOOD, new="een ander wachtwoord")


def ends_by_the_button(bram: PageClient) -> None:
    assert bram.post("/me/keys/end").status_code == 303
    assert is_in(bram)


@pytest.mark.parametrize("end", [ends_by_signing_out_everywhere, ends_by_a_new_password, ends_by_the_button])
def test_ending_access_ends_keys_in_cookies_mails_and_sockets(
    app: Flask, page: OpenPage, cast: Cast, end: Callable[[PageClient], None]
) -> None:
    set_password(cast.bram.id, GOOD)
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.chris], state="confirmed")
        key = make_key(db, cast.bram, "coffee", coffee.id)
        link = make_key(db, cast.bram, "sign_in")
        other = make_key(db, cast.chris, "coffee", coffee.id)
    thief, chris = page(None), page(None)
    thief.open_key(key)
    chris.open_key(other)
    socket, neighbour = (SocketClient(app, None, client=reader.client) for reader in (thief, chris))
    room = f"coffee:{coffee.id}"
    assert socket.send("chat.enter", room=room).ok
    assert thief.get(f"/coffees/{coffee.id}").status_code == 200
    since = clock.now() - timedelta(seconds=1)
    end(page(cast.bram))
    assert thief.get(f"/coffees/{coffee.id}").status_code == 303
    assert page(None).open_key(key).status_code == 404
    assert page(None).post(f"/k/{secret_of(link)}").status_code == 404
    revocations.apply_revocations(since)
    assert not socket.client.is_connected()
    assert neighbour.send("chat.enter", room=room).ok
    assert chris.get(f"/coffees/{coffee.id}").status_code == 200
    neighbour.close()


def test_mails_sent_after_the_end_carry_valid_keys(page: OpenPage, cast: Cast) -> None:
    page(cast.bram).post("/me/keys/end")
    bram = page(None)
    bram.post("/sign-in", email=cast.bram.email, how="link")
    (key,) = keys_mailed(cast.bram.email, "sign_in")
    bram.post(f"/k/{secret_of(key)}")
    assert is_in(bram)


def test_unsubscribe_links_outlive_the_end_of_access(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "mails", "coffee_nudge")
    page(cast.bram).post("/me/keys/end")
    assert page(None).get(f"/unsubscribe/{secret_of(key)}").status_code == 200


def test_opening_a_link_does_not_replace_another_persons_key(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna)
        own = make_key(db, cast.bram, "livestream", livestream.id)
        planted = make_key(db, cast.chris, "livestream", livestream.id)
    bram = page(None)
    bram.open_key(own)
    assert "This link is Chris" in bram.open_key(planted).text
    assert "You are Bram" in bram.get("/sign-in").text
    assert bram.post(f"/k/{secret_of(planted)}").headers["Location"] == f"/livestreams/{livestream.slug}"
    assert "You are Chris" in bram.get("/sign-in").text


def test_a_first_password_needs_a_fresh_proof(page: OpenPage, cast: Cast, set_clock: SetClock) -> None:
    set_clock(timedelta(0))
    bram = page(cast.bram)
    set_clock(timedelta(minutes=11))
    answer = bram.post("/me/password", new=GOOD)
    assert answer.status_code == 422
    assert "address is still yours" in answer.text
    assert bram.post("/me/password/link").headers["Location"] == "/check-mail"
    (key,) = keys_mailed(cast.bram.email, "sign_in")
    assert bram.post(f"/k/{secret_of(key)}").headers["Location"] == "/me"
    assert bram.post("/me/password", new=GOOD).status_code == 303


def sign_up(visitor: PageClient, **more: str) -> PersonalKey:
    fields = {"name": "Eva Noor", "email": "eva@example.test", "password": GOOD, "zone": "Asia/Tokyo", **more}
    visitor.post("/sign-up", **fields)
    (key,) = keys_mailed("eva@example.test", "confirm")
    return key


def test_the_cookie_of_a_sign_up_holds_no_password_in_any_form(page: OpenPage) -> None:
    visitor = page(None)
    sign_up(visitor)
    with visitor.client.session_transaction() as session:
        assert "argon2" not in str(dict(session))
    with unit_of_work() as db:
        assert db.scalars(select(PendingSignUp)).one().password_hash is not None


def test_a_sign_up_confirmed_in_another_browser_takes_the_password_there(page: OpenPage) -> None:
    key = sign_up(page(None), next="/circles/new")
    phone = english(page)
    assert "another browser" in phone.open_key(key).text
    answer = phone.post(f"/k/{secret_of(key)}", password="gekozen op de telefoon", zone="Asia/Tokyo")
    assert answer.headers["Location"] == "/circles/new"
    with unit_of_work() as db:
        eva = db.scalars(select(User).where(User.email == "eva@example.test")).one()
        assert eva.zone == "Asia/Tokyo"
        assert db.scalars(select(PendingSignUp)).all() == []
    assert page(None).post("/sign-in", email=eva.email, password="gekozen op de telefoon").status_code == 303
    assert page(None).post("/sign-in", email=eva.email, password=GOOD).status_code == 422


def test_a_short_password_keeps_the_link(page: OpenPage) -> None:
    key = sign_up(page(None))
    phone = page(None)
    assert phone.post(f"/k/{secret_of(key)}", password="kort").status_code == 422
    assert phone.post(f"/k/{secret_of(key)}").status_code == 303
    assert is_in(phone)


@pytest.mark.parametrize(("path", "again"), [("/sign-up", "/sign-up"), ("/sign-in", "/sign-in")])
def test_the_check_mail_page_names_the_address_and_links_back(page: OpenPage, path: str, again: str) -> None:
    visitor = english(page)
    fields = {"name": "Eva"} if path == "/sign-up" else {"how": "link"}
    text = visitor.post(path, email="eva@example.test", next="/help", follow=True, **fields).text
    assert "eva@example.test" in text
    assert f'href="{again}?next=/help">Try again' in text.replace("%2F", "/")


def test_unconfirmed_sign_ups_are_deleted(page: OpenPage, set_clock: SetClock) -> None:
    set_clock(timedelta(0))
    sign_up(page(None))
    set_clock(timedelta(days=3))
    from_jobs = queue.job_types["accounts.jobs.delete_expired_sign_ups"].work
    from_jobs()
    with unit_of_work() as db:
        assert db.scalars(select(PendingSignUp)).all() == []


@pytest.mark.parametrize(
    ("path", "form"), [("details", "online"), ("number", "phone"), ("place", "own_link")]
)
def test_a_key_shows_nothing_of_ones_own_profile(page: OpenPage, cast: Cast, path: str, form: str) -> None:
    with unit_of_work() as db:
        bram = db.get_one(User, cast.bram.id)
        bram.phone, bram.shares_phone = "+31612345678", True
        bram.linkedin, bram.meeting_link = "https://www.linkedin.com/in/bram-jansen", "https://meet.test/bram"
        state = "met" if path == "details" else "confirmed"
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.chris], state=state, form=form)
        key = make_key(db, cast.bram, "coffee", coffee.id)
    holder, himself = page(None), page(cast.bram)
    holder.open_key(key)
    own = ("12345678", "bram-jansen", "meet.test", cast.bram.email)
    for where in (f"/coffees/{coffee.id}", f"/coffees/{coffee.id}/{path}"):
        assert holder.get(where).status_code == 200
        assert [value for value in own if value in holder.main(where)] == []
    assert any(value in himself.main(f"/coffees/{coffee.id}/{path}") for value in own)


def test_a_coffee_key_may_write_in_its_own_room_only(app: Flask, page: OpenPage, cast: Cast) -> None:
    """The room and the call belong to the coffee, so invitees by mail need no sign-in for them."""
    with unit_of_work() as db:
        own = make_coffee(db, cast.circle, [cast.bram, cast.chris], state="confirmed")
        later = own.starts_at + timedelta(days=1)
        other = make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed", starts_at=later)
        key = make_key(db, cast.bram, "coffee", own.id)
    holder = page(None)
    holder.open_key(key)
    socket = SocketClient(app, None, client=holder.client)
    line = {"client_id": "c" * 20, "body": "Vijf minuten later"}
    assert socket.send("chat.enter", room=f"coffee:{own.id}").ok
    assert socket.send("chat.post", room=f"coffee:{own.id}", **line).ok
    assert socket.send("chat.post", room=f"coffee:{other.id}", **line).status == 404
    socket.close()


def test_a_key_changes_the_language_of_the_browser_not_of_the_person(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna)
        key = make_key(db, cast.bram, "livestream", livestream.id)
    holder = page(None)
    holder.open_key(key)
    holder.post("/locale", locale="nl", next="/")
    assert '<html lang="nl"' in holder.get("/help").text
    with unit_of_work() as db:
        assert db.get_one(User, cast.bram.id).locale == "en"


def test_the_home_page_fits_a_key_holder(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, title="Over tarieven")
        key = make_key(db, cast.bram, "livestream", livestream.id)
    holder = page(None)
    holder.open_key(key)
    text = holder.get("/").text
    assert "Over tarieven" in text
    assert "Start a circle" not in text
    assert holder.post("/mail-me-a-link").headers["Location"] == "/check-mail"
    (link,) = keys_mailed(cast.bram.email, "sign_in")
    holder.post(f"/k/{secret_of(link)}")
    assert is_in(holder)
    assert page(None).post("/mail-me-a-link").status_code in {303, 404}
