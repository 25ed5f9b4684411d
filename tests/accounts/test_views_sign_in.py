"""Sign-up, sign-in and sign-out pages."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from events.accounts.models import AuditEntry, PersonalKey, SignIn, User
from events.accounts.queries.people import secret_of
from events.core import rate_limits
from events.core.db.session import unit_of_work
from events.core.realtime.revocations import Revocation
from tests.factories.accounts import keys_mailed, make_user, set_password
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.types import OpenPage, SetClock

GOOD = "koffie met melk"


def signed_in_name(visitor: PageClient) -> str | None:
    answer = visitor.get("/me")
    return "in" if answer.status_code == 200 else None


def test_sign_up_ends_in_a_confirmed_account(page: OpenPage) -> None:
    visitor = page(None)
    answer = visitor.post(
        "/sign-up", name="Eva Noor", email="Eva@Example.test", password=GOOD, zone="Asia/Tokyo"
    )
    assert answer.headers["Location"] == "/check-mail"
    (key,) = keys_mailed("eva@example.test", "confirm")
    assert visitor.post(f"/k/{secret_of(key)}").status_code == 303
    assert signed_in_name(visitor) == "in"
    with unit_of_work() as db:
        eva = db.scalars(select(User).where(User.email == "eva@example.test")).one()
    assert eva.confirmed_at is not None
    assert eva.zone == "Asia/Tokyo"
    other = page(None)
    assert other.post("/sign-in", email="eva@example.test", password=GOOD).status_code == 303
    assert signed_in_name(other) == "in"


def test_sign_up_answers_alike_whether_the_address_is_known(page: OpenPage, cast: Cast) -> None:
    known = page(None).post("/sign-up", name="X", email=cast.bram.email, follow=True)
    fresh = page(None).post("/sign-up", name="X", email="new@example.test", follow=True)
    assert known.status_code == fresh.status_code == 200
    assert "Check your mail" in known.text or "Kijk in je mail" in known.text
    assert keys_mailed(cast.bram.email, "confirm") == []
    assert len(keys_mailed(cast.bram.email, "sign_in")) == 1


def test_signing_up_with_anothers_address_sets_no_password(page: OpenPage) -> None:
    """Not even when the owner opens the link that follows and chooses none."""
    page(None).post("/sign-up", name="Mallory", email="eva@example.test", password="mallory knows it")
    (key,) = keys_mailed("eva@example.test", "confirm")
    page(None).post(f"/k/{secret_of(key)}")
    with unit_of_work() as db:
        eva = db.scalars(select(User).where(User.email == "eva@example.test")).one()
    assert eva.confirmed_at is not None
    assert eva.password_hash is None
    thief = page(None)
    assert thief.post("/sign-in", email="eva@example.test", password="mallory knows it").status_code == 422


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": "", "email": "a@b.test"}, "name"),
        ({"name": "\u200b", "email": "a@b.test"}, "name"),
        ({"name": "a\x00b", "email": "a@b.test"}, "name"),
        ({"name": "\u202eevil", "email": "a@b.test"}, "name"),
        ({"name": "x" * 81, "email": "a@b.test"}, "name"),
        ({"name": "Eva", "email": "no address"}, "email"),
        ({"name": "Eva", "email": "a@b.test\r\nBcc: x@y.test"}, "email"),
        ({"name": "Eva", "email": "a" * 255 + "@b.test"}, "email"),
        ({"name": "Eva", "email": "a@b.test", "password": "short"}, "password"),
        ({"name": "Eva", "email": "a@b.test", "is_operator": "1"}, "is_operator"),
    ],
)
def test_invalid_sign_up_input_is_named_and_kept(page: OpenPage, fields: dict[str, Any], wrong: str) -> None:
    answer = page(None).post("/sign-up", **fields)
    assert answer.status_code == 422
    assert f'href="#field-{wrong}"' in answer.text
    with unit_of_work() as db:
        assert db.scalars(select(User)).all() == []


def test_every_failed_sign_in_has_the_same_answer(page: OpenPage, cast: Cast) -> None:
    set_password(cast.anna.id, GOOD)
    answers = [
        page(None).post("/sign-in", email=email, password="not this one")
        for email in (cast.anna.email, cast.bram.email, "nobody@example.test")
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert len({answer.text.count("href") for answer in answers}) == 1
    with unit_of_work() as db:
        assert db.scalars(select(SignIn)).all() == []


def test_an_unconfirmed_person_cannot_sign_in_by_password(page: OpenPage) -> None:
    with unit_of_work() as db:
        eva = make_user(db, "Eva")
        eva.confirmed_at = None
    set_password(eva.id, GOOD)
    assert page(None).post("/sign-in", email=eva.email, password=GOOD).status_code == 422


def test_a_password_keeps_its_spaces(page: OpenPage, cast: Cast) -> None:
    set_password(cast.anna.id, " leading space ")
    assert page(None).post("/sign-in", email=cast.anna.email, password=" leading space ").status_code == 303
    assert page(None).post("/sign-in", email=cast.anna.email, password="leading space").status_code == 422


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/coffees", "/coffees"),
        ("/me?x=1", "/me?x=1"),
        ("", "/"),
        ("//evil.test", "/"),
        ("///evil.test", "/"),
        ("/\\evil.test", "/"),
        ("\\\\evil.test", "/"),
        ("https:evil.test", "/"),
        ("http://localhost:8000@evil.test", "/"),
        ("javascript:alert(1)", "/"),
        ("/\tevil", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
    ],
)
def test_next_stays_on_this_site(page: OpenPage, cast: Cast, asked: str, led_to: str) -> None:
    set_password(cast.anna.id, GOOD)
    answer = page(None).post("/sign-in", email=cast.anna.email, password=GOOD, next=asked)
    assert answer.headers["Location"] == led_to


def test_a_planted_cookie_does_not_become_a_sign_in(page: OpenPage, cast: Cast, app: Flask) -> None:
    """Session fixation."""
    set_password(cast.anna.id, GOOD)
    visitor = page(None)
    visitor.get("/sign-in")
    visitor.csrf_token()
    before = visitor.client.get_cookie("ontmoet")
    assert before is not None
    visitor.post("/sign-in", email=cast.anna.email, password=GOOD)
    after = visitor.client.get_cookie("ontmoet")
    assert after is not None
    assert after.value != before.value
    thief = page(None)
    thief.client.set_cookie("ontmoet", before.value)
    assert thief.get("/me").status_code == 303


def test_a_copied_cookie_is_void_after_sign_out(page: OpenPage, cast: Cast) -> None:
    anna = page(cast.anna)
    anna.get("/me")
    cookie = anna.client.get_cookie("ontmoet")
    assert cookie is not None
    left = anna.post("/sign-out")
    assert left.status_code == 303
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"', "the browser keeps nothing of hers"
    copy = page(None)
    copy.client.set_cookie("ontmoet", cookie.value)
    assert copy.get("/me").status_code == 303
    with unit_of_work() as db:
        sign_in = db.scalars(select(SignIn)).one()
        assert sign_in.ended_at is not None
        assert [right.sign_in_id for right in db.scalars(select(Revocation))] == [sign_in.id]


def test_the_eleventh_password_attempt_is_refused(page: OpenPage, cast: Cast) -> None:
    rate_limits.configure(None, enabled=True)
    try:
        tries = [
            page(None).post("/sign-in", email=cast.anna.email, password="wrong").status_code
            for _ in range(11)
        ]
    finally:
        rate_limits.configure(None, enabled=False)
    assert tries == [422] * 10 + [429]


def test_a_sign_in_link_works_once(page: OpenPage, cast: Cast) -> None:
    visitor = page(None)
    answer = visitor.post("/sign-in", email=cast.bram.email, how="link", next="/coffees")
    assert answer.headers["Location"] == "/check-mail"
    (key,) = keys_mailed(cast.bram.email, "sign_in")
    used = visitor.post(f"/k/{secret_of(key)}")
    assert used.headers["Location"] == "/coffees"
    assert signed_in_name(visitor) == "in"


def test_a_link_for_an_unknown_address_has_the_same_answer_and_creates_no_account(
    page: OpenPage, cast: Cast
) -> None:
    answer = page(None).post("/sign-in", email="nobody@example.test", how="link")
    assert answer.headers["Location"] == "/check-mail"
    with unit_of_work() as db:
        assert db.scalar(select(User).where(User.email == "nobody@example.test")) is None
        assert db.scalars(select(PersonalKey)).all() == []


def test_signing_in_is_in_the_audit_log(page: OpenPage, cast: Cast) -> None:
    set_password(cast.anna.id, GOOD)
    page(None).post("/sign-in", email=cast.anna.email, password=GOOD)
    with unit_of_work() as db:
        entry = db.scalars(select(AuditEntry).where(AuditEntry.what == "signed_in")).one()
    assert (entry.actor_id, entry.about) == (cast.anna.id, "password")


def test_signing_in_restores_the_persons_theme(page: OpenPage, cast: Cast) -> None:
    page(cast.anna).post("/theme", theme="dark")
    set_password(cast.anna.id, GOOD)
    other = page(None)
    other.post("/sign-in", email=cast.anna.email, password=GOOD)
    assert 'data-theme="dark"' in other.get("/me").text


def test_a_visitors_page_is_in_dutch_when_asked(page: OpenPage) -> None:
    visitor = page(None)
    assert visitor.post("/locale", locale="nl", next="/sign-in").headers["Location"] == "/sign-in"
    dutch = visitor.get("/sign-in").text
    assert '<html lang="nl"' in dutch
    assert "Mail me een link" in dutch
    assert visitor.post("/locale", locale="xx").status_code == 422


def test_last_seen_moves_at_most_every_ten_minutes(page: OpenPage, set_clock: SetClock, cast: Cast) -> None:
    anna = page(cast.anna)

    def seen() -> object:
        anna.get("/me")
        with unit_of_work() as db:
            return db.scalars(select(SignIn.last_seen_at)).one()

    first = seen()
    set_clock(timedelta(minutes=9))
    assert seen() == first
    set_clock(timedelta(minutes=2))
    assert seen() != first
