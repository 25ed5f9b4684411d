"""Circle requests by visitors: one form, one mail, one click, in any browser."""

import pytest
from flask import Flask
from sqlalchemy import select

from events.accounts.models import PersonalKey, User
from events.accounts.queries.people import secret_of
from events.circles.models import Circle, Membership, PendingCircle
from events.core.db.session import unit_of_work
from tests.factories.accounts import run_jobs
from tests.support.cast import Cast
from tests.support.types import OpenPage

TYPED = {"circle": "Ring van Eva", "name": "Eva", "email": "eva@example.test", "zone": "Europe/Lisbon"}


def link_of(email: str) -> str:
    """The newest link mailed to this address."""
    run_jobs()
    with unit_of_work() as db:
        query = select(PersonalKey).join(User).where(User.email == email)
        keys = list(db.scalars(query.order_by(PersonalKey.created_at.desc(), PersonalKey.id.desc())))
        return f"/k/{secret_of(keys[0])}"


def circles_of(email: str) -> list[tuple[str, str]]:
    with unit_of_work() as db:
        query = select(Circle.name, Membership.role).join(Membership).join(User).where(User.email == email)
        return [(name, role) for name, role in db.execute(query)]


def test_a_visitor_sees_one_form_and_no_sign_in(page: OpenPage) -> None:
    text = page(None).get("/circles/new").text
    assert "<h1>Start a circle</h1>" in text or "<h1>Begin een kring</h1>" in text
    for name in ("circle", "name", "email"):
        assert f'name="{name}"' in text
    assert 'type="password"' not in text


@pytest.mark.parametrize("same_browser", [True, False])
def test_one_form_and_one_link_make_a_circle_in_any_browser(page: OpenPage, same_browser: bool) -> None:
    visitor = page(None)
    assert visitor.post("/circles/new", **TYPED).headers["Location"] == "/check-mail"
    assert circles_of("eva@example.test") == []
    reader = visitor if same_browser else page(None)
    link = link_of("eva@example.test")
    assert "Ring van Eva" in reader.get(link).text
    assert circles_of("eva@example.test") == []  # a GET consumes nothing
    landed = reader.post(link, follow=True)
    assert landed.request.path.endswith("/livestreams/new")
    assert landed.status_code == 200
    assert circles_of("eva@example.test") == [("Ring van Eva", "owner")]
    with unit_of_work() as db:
        circle = db.scalars(select(Circle).where(Circle.name == "Ring van Eva")).one()
        assert (circle.zone, circle.country) == ("Europe/Lisbon", "PT")
        assert db.scalars(select(User.zone).where(User.email == "eva@example.test")).one() == "Europe/Lisbon"


def test_an_account_holder_requests_a_circle_by_the_same_form(page: OpenPage, cast: Cast) -> None:
    visitor = page(None)
    visitor.post("/circles/new", **TYPED | {"email": cast.bram.email, "name": "Mallory"})
    assert visitor.post(link_of(cast.bram.email), follow=True).request.path.endswith("/livestreams/new")
    assert sorted(circles_of(cast.bram.email)) == [
        ("Bedrijvenkring Demo", "member"),
        ("Ring van Eva", "owner"),
    ]
    with unit_of_work() as db:
        bram = db.get_one(User, cast.bram.id)
        assert (bram.name, bram.zone) == ("Bram", "Europe/Amsterdam")


def test_two_requests_make_one_circle_by_either_link(page: OpenPage) -> None:
    visitor = page(None)
    visitor.post("/circles/new", **TYPED)
    first = link_of("eva@example.test")
    visitor.post("/circles/new", **TYPED)
    second = link_of("eva@example.test")
    assert first != second
    page(None).post(first)
    landed = page(None).post(second, follow=True)
    assert landed.request.path.endswith("/livestreams/new")
    assert circles_of("eva@example.test") == [("Ring van Eva", "owner")]


def test_only_the_requester_is_redirected_to_the_circle(page: OpenPage, cast: Cast) -> None:
    page(None).post("/circles/new", **TYPED)
    page(None).post(link_of("eva@example.test"))
    with unit_of_work() as db:
        pending = db.scalars(select(PendingCircle)).one().id
    assert page(cast.olga).get(f"/circles/new/{pending}").status_code == 404


@pytest.mark.parametrize("wrong", ["circle", "name", "email"])
def test_missing_fields_are_named_and_nothing_is_sent(page: OpenPage, wrong: str) -> None:
    answer = page(None).post("/circles/new", **TYPED | {wrong: ""})
    assert answer.status_code == 422
    assert f'href="#field-{wrong}"' in answer.text
    with unit_of_work() as db:
        assert db.scalars(select(User)).all() == []


@pytest.mark.parametrize("creation", ["approved", "closed"])
def test_no_page_offers_a_circle_if_creation_is_closed(
    page: OpenPage, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch, creation: str
) -> None:
    settings = app.config["SETTINGS"].model_copy(update={"circle_creation": creation})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    visitor = page(None)
    assert 'name="circle"' not in visitor.post("/circles/new", **TYPED).text
    with unit_of_work() as db:
        assert db.scalars(select(PendingCircle)).all() == []
    for reader, path in ((None, "/"), (None, "/help"), (cast.bram, "/"), (cast.bram, "/me")):
        assert 'href="/circles/new"' not in page(reader).get(path).text
