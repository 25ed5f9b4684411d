"""Pages of a circle: access by role, both languages and invalid input."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from events.accounts.models import User
from events.accounts.queries.people import secret_of
from events.circles.models import Circle, CircleSlug, Membership, Topic
from events.circles.queries.circles import current_circle, list_own_circles
from events.core.auth.actor import Actor
from events.core.db.session import unit_of_work
from tests.factories.accounts import make_key
from tests.factories.circles import make_circle, make_member
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast, acting_as
from tests.support.clients import PageClient
from tests.support.types import OpenPage

SETTINGS: dict[str, Any] = {
    "name": "Bedrijvenkring Demo",
    "about": "",
    "joining": "open",
    "locale": "nl",
    "zone": "Europe/Amsterdam",
    "country": "NL",
    "colour": "#1f4b99",
}
# page, then the status for member, organiser, owner, outsider, visitor and key holder
GETS = [
    ("", 200, 200, 200, 200, 200, 200),
    ("/settings", 404, 404, 200, 404, 303, 303),
    ("/members", 200, 200, 200, 404, 303, 303),
    ("/members/{bram}", 200, 200, 200, 404, 303, 303),
    ("/members/{olga}", 404, 404, 404, 404, 303, 303),
    ("/invite", 404, 200, 200, 404, 303, 303),
    ("/requests", 404, 200, 200, 404, 303, 303),
    ("/topics", 404, 200, 200, 404, 303, 303),
    ("/me", 200, 200, 200, 404, 303, 303),
    ("/welcome", 200, 200, 200, 404, 303, 303),
]
POSTS = [
    ("/settings", 404, 404),
    ("/invite", 404, 422),
    ("/topics", 404, 422),
    ("/members/{dana}/role", 404, 404),
    ("/members/{anna}/remove", 404, 404),
    ("/members/{olga}/block", 404, 404),
    ("/requests/{olga}", 404, 422),
    ("/invite/{olga}/withdraw", 404, 404),
    ("/me", 404, 303),
    ("/leave", 404, 303),
]


def path_of(cast: Cast, path: str) -> str:
    ids = {name: getattr(cast, name).id for name in ("anna", "bram", "chris", "dana", "olga")}
    return f"/circles/{cast.circle.slug}{path.format(**ids)}"


def make_organiser(cast: Cast, user: User) -> None:
    with unit_of_work() as db:
        db.scalars(select(Membership).where(Membership.user_id == user.id)).one().role = "organiser"


def with_key(page: OpenPage, cast: Cast, user: User) -> PageClient:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna)
        key = make_key(db, user, "livestream", livestream.id)
    reader = page(None)
    reader.open_key(key)
    return reader


@pytest.mark.parametrize("row", GETS, ids=lambda row: row[0] or "/")
def test_every_page_opens_only_for_its_readers(page: OpenPage, cast: Cast, row: tuple[str, int]) -> None:
    make_organiser(cast, cast.chris)
    readers = [
        *map(page, (cast.bram, cast.chris, cast.anna, cast.olga, None)),
        with_key(page, cast, cast.bram),
    ]
    found = [reader.get(path_of(cast, row[0])).status_code for reader in readers]
    assert found == list(row[1:])


@pytest.mark.parametrize("row", POSTS, ids=lambda row: row[0])
def test_an_outsider_changes_nothing(page: OpenPage, cast: Cast, row: tuple[str, int, int]) -> None:
    make_organiser(cast, cast.chris)
    path, outsider, organiser = row
    assert page(cast.olga).post(path_of(cast, path)).status_code == outsider
    assert page(None).post(path_of(cast, path)).status_code == 303
    assert with_key(page, cast, cast.bram).post(path_of(cast, path)).status_code in {303, 404}
    assert page(cast.chris).post(path_of(cast, path)).status_code == organiser


@pytest.mark.parametrize("path", [row[0] for row in GETS if row[3] == 200], ids=lambda path: path or "/")
def test_every_page_speaks_dutch(page: OpenPage, cast: Cast, path: str) -> None:
    with unit_of_work() as db:
        db.get_one(User, cast.anna.id).locale = "nl"
    text = page(cast.anna).get(path_of(cast, path)).text
    assert '<html lang="nl"' in text
    assert "Leden" in text


def test_unknown_and_foreign_circles_have_the_same_answer(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        other = make_circle(db, owner=cast.olga, name="Other")
    bram = page(cast.bram)
    assert bram.get(f"/circles/{other.slug}/members").status_code == 404
    assert bram.get("/circles/there-is-none-xxxxx/members").status_code == 404


def test_a_circle_begins_with_its_owner_and_its_topics(page: OpenPage, cast: Cast) -> None:
    answer = page(cast.olga).post("/circles/new", name="Ring van Olga", about="", joining="open", locale="nl")
    assert answer.status_code == 303
    with unit_of_work() as db:
        circle = db.scalars(select(Circle).where(Circle.name == "Ring van Olga")).one()
        membership = db.scalars(select(Membership).where(Membership.circle_id == circle.id)).one()
        topics = db.scalars(select(Topic).where(Topic.circle_id == circle.id)).all()
    assert (membership.user_id, membership.role) == (cast.olga.id, "owner")
    assert len(topics) == 24
    assert answer.headers["Location"] == f"/circles/{circle.slug}/livestreams/new"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"name": "\u200b \u200b"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "nul\x00"}, "name"),
        ({"name": "Kring", "about": "x" * 2001}, "about"),
        ({"name": "Kring", "joining": "whatever"}, "joining"),
        ({"name": "Kring", "locale": "fr"}, "locale"),
        ({"name": "Kring", "slug": "taken"}, "slug"),
    ],
)
def test_a_refused_circle_form_gives_the_reason(
    page: OpenPage, cast: Cast, fields: dict[str, Any], wrong: str
) -> None:
    answer = page(cast.olga).post("/circles/new", **fields)
    assert answer.status_code == 422
    assert f'href="#field-{wrong}"' in answer.text
    with unit_of_work() as db:
        assert len(db.scalars(select(Circle)).all()) == 1


def test_the_public_page_shows_numbers_and_no_names(page: OpenPage, cast: Cast) -> None:
    text = page(None).get(path_of(cast, "")).text
    assert "4 leden" in text or "4 members" in text
    assert "Bram" not in text
    assert "Anna" not in text


def test_the_description_is_markdown_without_html(page: OpenPage, cast: Cast) -> None:
    about = "**Warm** <script>alert(1)</script> [x](javascript:alert(1))"
    page(cast.anna).post(path_of(cast, "/settings"), **(SETTINGS | {"about": about}))
    text = page(None).get(path_of(cast, "")).text
    assert "<strong>Warm</strong>" in text
    assert "<script>alert" not in text
    assert 'href="javascript' not in text


def test_a_former_slug_redirects_to_the_current_one(page: OpenPage, cast: Cast) -> None:
    answer = page(cast.anna).post(path_of(cast, "/settings"), **(SETTINGS | {"name": "Nieuwe Naam"}))
    with unit_of_work() as db:
        circle = db.get_one(Circle, cast.circle.id)
        assert db.get_one(CircleSlug, cast.circle.slug).circle_id == circle.id
    assert answer.headers["Location"] == f"/circles/{circle.slug}"
    moved = page(None).get(path_of(cast, ""))
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/circles/{circle.slug}")
    moved = page(cast.bram).get(path_of(cast, "/members?q=dana"))
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/circles/{circle.slug}/members?q=dana")
    for words in (
        "_external=1&_scheme=http", "endpoint=pages.help", "_method=POST", "slug=other", "_anchor=x",
        "q=%C3%A9%0d%0aX:%20y&q=2",
    ):  # fmt: skip
        moved = page(None).get(path_of(cast, f"?{words}"))
        where = f"/circles/{circle.slug}?{words}".lower()
        assert (moved.status_code, moved.headers["Location"].lower()) == (301, where)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"colour": "red"}, "colour"),
        ({"colour": '#1f4b99"><script>'}, "colour"),
        ({"zone": "Nowhere/Land"}, "zone"),
        ({"country": "XX"}, "country"),
        ({"country": "nl"}, "country"),
        ({"joining": ""}, "joining"),
    ],
)
def test_invalid_settings_are_named(page: OpenPage, cast: Cast, change: dict[str, Any], wrong: str) -> None:
    answer = page(cast.anna).post(path_of(cast, "/settings"), **(SETTINGS | change))
    assert answer.status_code == 422
    assert f'href="#field-{wrong}"' in answer.text


def test_the_owner_sets_the_country_of_the_circle(page: OpenPage, cast: Cast) -> None:
    owner = page(cast.anna)
    assert '<option value="NL" selected>' in owner.get(path_of(cast, "/settings")).text
    assert owner.post(path_of(cast, "/settings"), **(SETTINGS | {"country": "BE"})).status_code == 303
    text = owner.get(path_of(cast, "/settings")).text
    assert '<option value="BE" selected>' in text
    assert "België" in text or "Belgium" in text


def test_the_owner_sets_how_long_having_met_counts(page: OpenPage, cast: Cast) -> None:
    owner = page(cast.anna)
    assert '<option value="six" selected>' in owner.get(path_of(cast, "/settings")).text
    assert owner.post(path_of(cast, "/settings"), **(SETTINGS | {"met_window": "three"})).status_code == 303
    assert '<option value="three" selected>' in owner.get(path_of(cast, "/settings")).text
    refused = owner.post(path_of(cast, "/settings"), **(SETTINGS | {"met_window": "forever"}))
    assert refused.status_code == 422


def test_the_chosen_circle_is_the_current_one_only_for_its_members(cast: Cast) -> None:
    with unit_of_work() as db:
        other = make_circle(db, owner=cast.bram, name="Aardige kring")
        foreign = make_circle(db, owner=cast.olga, name="Andere kring")
        bram = acting_as(cast.bram)
        olga = acting_as(cast.olga)
        found = [
            current_circle(list_own_circles(db, bram)),
            current_circle(list_own_circles(db, bram), cast.circle.slug),
            current_circle(list_own_circles(db, bram), foreign.slug),
            current_circle(list_own_circles(db, olga), cast.circle.slug),
        ]
        assert [circle and circle.id for circle in found] == [other.id, cast.circle.id, other.id, foreign.id]
        assert current_circle(list_own_circles(db, Actor(kind="visitor"))) is None


def test_a_key_of_an_invitation_shows_nothing_of_the_circle_before_it_is_used(
    page: OpenPage, cast: Cast
) -> None:
    with unit_of_work() as db:
        key = make_key(db, cast.olga, "join", cast.circle.id)
    text = page(None).get(f"/k/{secret_of(key)}").text
    assert "Anna" not in text


def test_a_new_member_is_listed(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        make_member(db, cast.circle, cast.olga)
    assert "Olga" in page(cast.bram).get(path_of(cast, "/members")).text


@pytest.mark.parametrize("creation", ["approved", "closed"])
def test_only_operators_create_circles_if_creation_is_closed(
    page: OpenPage, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch, creation: str
) -> None:
    settings = app.config["SETTINGS"].model_copy(update={"circle_creation": creation})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    olga = page(cast.olga)
    assert "the people who run this place" in olga.post("/circles/new", name="Ring").text
    with unit_of_work() as db:
        assert len(db.scalars(select(Circle)).all()) == 1
        db.get_one(User, cast.olga.id).is_operator = True
    assert olga.post("/circles/new", name="Ring").status_code == 303


def test_the_header_links_every_circle_of_the_reader(page: OpenPage, cast: Cast) -> None:
    bram = page(cast.bram)
    for path in ("/", "/livestreams", "/coffees", f"/circles/{cast.circle.slug}/members", "/me"):
        text = bram.get(path).text
        header = " ".join(text[: text.index("<main")].split())
        assert f'class="top-circle" href="/circles/{cast.circle.slug}"' in header, path
    with unit_of_work() as db:
        second = make_circle(db, owner=cast.bram, name="Ring van Bram")
        make_circle(db, owner=cast.olga, name="Ring van Olga")
    for path in ("/", "/livestreams", "/coffees", f"/circles/{cast.circle.slug}/members", "/me"):
        text = bram.get(path).text
        header = " ".join(text[: text.index("<main")].split()).replace("> <", "><")
        for circle in (cast.circle, second):
            assert f'<li><a href="/circles/{circle.slug}"' in header, path
        assert "Ring van Olga" not in header
    assert "top-menu" not in page(None).get("/").text


def test_pages_follow_the_chosen_circle(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        second = make_circle(db, owner=cast.bram, name="Ring van Bram")
    bram = page(cast.bram)
    bram.get(f"/circles/{second.slug}")
    assert f'href="/circles/{second.slug}/members"' in bram.get("/").text
    bram.get(f"/circles/{cast.circle.slug}")
    assert f'href="/circles/{cast.circle.slug}/members"' in bram.get("/").text
