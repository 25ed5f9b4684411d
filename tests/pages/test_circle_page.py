"""The page of a circle: what a visitor, a member and the team read there, and its list of livestreams."""

from datetime import timedelta

import pytest

from events.circles.models import Circle
from events.core import clock
from events.core.db.session import unit_of_work
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.types import OpenPage

MEMBERS, PUBLIC, DRAFT = "Alleen onder ons", "Voor iedereen", "Nog niet klaar"


@pytest.fixture
def evenings(cast: Cast) -> None:
    with unit_of_work() as db:
        make_livestream(db, cast.circle, cast.anna, title=MEMBERS)
        make_livestream(db, cast.circle, cast.anna, title=PUBLIC, audience="public")
        make_livestream(db, cast.circle, cast.anna, title=DRAFT, state="draft")
        make_livestream(db, cast.circle, cast.anna, title="Oude ledenavond", state="replay")
        make_livestream(
            db, cast.circle, cast.anna, title="Oude open avond", state="replay", audience="public"
        )


def set_circle(cast: Cast, **values: object) -> None:
    with unit_of_work() as db:
        circle = db.get_one(Circle, cast.circle.id)
        for name, value in values.items():
            setattr(circle, name, value)


@pytest.mark.usefixtures("evenings")
@pytest.mark.parametrize("path", ["", "/livestreams"])
def test_a_stranger_reads_of_public_livestreams_only(page: OpenPage, cast: Cast, path: str) -> None:
    for reader in (None, cast.olga):
        said = page(reader).main(f"/circles/{cast.circle.slug}{path}")
        assert PUBLIC in said
        for hidden in (MEMBERS, DRAFT, "Oude ledenavond"):
            assert hidden not in said
        assert "Oude open avond" in said


@pytest.mark.usefixtures("evenings")
def test_members_read_of_all_that_are_published(page: OpenPage, cast: Cast) -> None:
    for path in ("", "/livestreams"):
        said = page(cast.bram).main(f"/circles/{cast.circle.slug}{path}")
        assert all(title in said for title in (MEMBERS, PUBLIC, "Oude ledenavond", "Oude open avond"))
        assert DRAFT not in said


@pytest.mark.usefixtures("evenings")
def test_a_circle_may_show_title_and_date_of_what_is_for_members_and_no_more(
    page: OpenPage, cast: Cast
) -> None:
    set_circle(cast, shows_members_evenings=True)
    said = page(None).main(f"/circles/{cast.circle.slug}")
    assert MEMBERS in said
    assert "/livestreams/alleen-onder-ons" not in said, "no way in, and no picture"
    assert DRAFT not in said
    assert "Oude ledenavond" not in said, "only what is still to come"


@pytest.mark.parametrize(
    ("joining", "main_button"),
    [("open", "Lid worden"), ("on_request", "Lid worden"), ("by_invitation", "Ik ben lid")],
)
@pytest.mark.usefixtures("evenings")
def test_how_to_join_is_the_one_main_button(
    page: OpenPage, cast: Cast, joining: str, main_button: str
) -> None:
    set_circle(cast, joining=joining)
    said = page(None).main(f"/circles/{cast.circle.slug}")
    assert said.count("btn-main") == 1
    assert main_button in said[said.index("btn-main") :]
    for reader in (cast.anna, cast.bram):
        assert page(reader).main(f"/circles/{cast.circle.slug}").count("btn-main") == 1


def test_a_new_circle_teaches_its_owner_and_says_nothing_untrue_to_visitors(
    page: OpenPage, cast: Cast
) -> None:
    path = f"/circles/{cast.circle.slug}"
    owner = page(cast.anna).main(path)
    assert "A title and a date are enough to begin." in owner
    assert "Say in one line who this circle is for" in owner
    visitor = page(None).main(path)
    assert "Er staat nu niets gepland voor iedereen" in visitor
    assert "Opnamen" not in visitor


def test_the_line_and_the_text_say_who_it_is_for(page: OpenPage, cast: Cast) -> None:
    set_circle(cast, lead="Ondernemers <uit> Utrecht", about="Elke maand een **avond**.")
    answer = page(None).get(f"/circles/{cast.circle.slug}").text
    assert '<p class="lead">Ondernemers &lt;uit&gt; Utrecht</p>' in answer
    assert "<strong>avond</strong>" in answer
    assert 'name="description" content="Ondernemers &lt;uit&gt; Utrecht"' in answer


def test_a_long_list_pages_and_the_page_shows_the_nearest(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        for number in range(60):
            start = clock.now() + timedelta(days=number + 1)
            make_livestream(db, cast.circle, cast.anna, title=f"Avond {number:02}", starts_at=start)
    path = f"/circles/{cast.circle.slug}"
    front = page(cast.bram).main(path)
    assert "Avond 03" in front
    assert "Avond 04" not in front
    assert f"{path}/livestreams" in front
    third = page(cast.bram).main(f"{path}/livestreams?page=3")
    assert "Avond 59" in third
    assert "Avond 49" not in third


def test_an_address_from_before_leads_on(page: OpenPage, cast: Cast) -> None:
    assert page(None).get("/circles/nowhere/livestreams").status_code == 303
    cover = page(None).get(f"/circles/{cast.circle.slug}/cover.svg")
    assert cover.mimetype == "image/svg+xml"
