"""Announcements on the sign-in page: what a shared link may reveal to a visitor."""

import pytest

from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from tests.factories.accounts import keys_mailed, set_password
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.types import OpenPage


def plan(cast: Cast, *, guests: bool = True, state: str = "announced") -> Livestream:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, title="Over tarieven", state=state)
        livestream.guests_allowed = guests
        return livestream


def english(page: OpenPage) -> PageClient:
    visitor = page(None)
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return visitor


def test_a_members_only_link_shows_its_title_and_the_guest_form(page: OpenPage, cast: Cast) -> None:
    livestream, visitor = plan(cast), english(page)
    answer = visitor.get(f"/livestreams/{livestream.slug}/desk")
    assert (answer.status_code, answer.location) == (
        303,
        f"/sign-in?next=/livestreams/{livestream.slug}/desk",
    )
    text = visitor.get(answer.location).text
    assert '<meta property="og:title" content="Over tarieven">' in text
    assert "<h1>Over tarieven</h1>" in text
    assert cast.circle.name in text
    assert f'href="/livestreams/{livestream.slug}/guest"' in text


@pytest.mark.parametrize(("guests", "state"), [(False, "announced"), (True, "ended")])
def test_a_page_closed_to_guests_shows_no_guest_form(
    page: OpenPage, cast: Cast, guests: bool, state: str
) -> None:
    livestream = plan(cast, guests=guests, state=state)
    text = english(page).main(f"/sign-in?next=/livestreams/{livestream.slug}/desk")
    assert "Over tarieven" in text
    assert "guest" not in text


@pytest.mark.parametrize("hidden", ["links not shown", "draft", "nothing there"])
def test_what_its_link_does_not_show_looks_like_an_unknown_url(
    page: OpenPage, cast: Cast, hidden: str
) -> None:
    livestream = plan(cast, state="draft" if hidden == "draft" else "announced")
    with unit_of_work() as db:
        db.merge(cast.circle).links_shown = hidden != "links not shown"
    slug = "absent-xxxxx" if hidden == "nothing there" else livestream.slug
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.chris])
    visitor = english(page)
    bare = visitor.main("/sign-in?next=/coffees/nothing").replace("/coffees/nothing", "")
    for path in (f"/livestreams/{slug}", f"/coffees/{coffee.id}", f"/circles/{cast.circle.slug}/members"):
        assert visitor.main(f"/sign-in?next={path}").replace(path, "") == bare


def test_the_mailed_link_is_the_first_choice_and_leads_to_the_page(page: OpenPage, cast: Cast) -> None:
    path, visitor = f"/livestreams/{plan(cast).slug}", english(page)
    text = visitor.main(f"/sign-in?next={path}")
    assert text.index('value="link"') < text.index('name="password"')
    visitor.post("/sign-in", email=cast.bram.email, how="either", next=path)
    assert len(keys_mailed(cast.bram.email, "sign_in")) == 1


def test_pressing_enter_after_a_password_signs_in_with_it(page: OpenPage, cast: Cast) -> None:
    set_password(cast.bram.id, "koffie met melk")
    fields = {"email": cast.bram.email, "password": "koffie met melk", "how": "either", "next": "/coffees"}
    assert page(None).post("/sign-in", **fields).location == "/coffees"
