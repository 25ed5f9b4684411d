"""A shared link: what it shows people who may not see what is inside, and what stays like an absent page."""

import pytest

from events.accounts.queries.people import secret_of
from events.circles.models import CircleBan
from events.core import clock
from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from tests.factories.accounts import keys_mailed, make_key
from tests.factories.livestreams import make_agenda, make_livestream
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.types import OpenPage

INSIDE = ("Een lead voor leden", "Verhaal voor leden", "Geheim onderdeel", "Gasthost Anna")


def plan(
    cast: Cast, *, shown: bool = True, state: str = "announced", audience: str = "members"
) -> Livestream:
    with unit_of_work() as db:
        circle = db.merge(cast.circle)
        circle.links_shown = shown
        circle.joining = "on_request"
        db.merge(cast.anna).name = "Gasthost Anna"
        made = make_livestream(db, circle, cast.anna, title="Over tarieven", state=state, audience=audience)
        made.lead, made.description = "Een lead voor leden", "Verhaal voor leden"
        make_agenda(db, made, "Geheim onderdeel")
        return made


def english(page: OpenPage) -> PageClient:
    visitor = page(None)
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return visitor


def reader(page: OpenPage, cast: Cast, who: str) -> PageClient:
    if who == "visitor":
        return english(page)
    if who == "key of another":
        other = plan(cast)
        with unit_of_work() as db:
            key = make_key(db, cast.olga, "livestream", other.id)
        holder = english(page)
        holder.open_key(key)
        return holder
    if who == "banned":
        with unit_of_work() as db:
            db.add(CircleBan(circle_id=cast.circle.id, user_id=cast.olga.id, created_at=clock.now()))
    return page(cast.olga)


@pytest.mark.parametrize("who", ["visitor", "outsider", "banned", "key of another"])
def test_a_shared_link_shows_what_it_is_and_nothing_of_what_is_inside(
    cast: Cast, page: OpenPage, who: str
) -> None:
    made, stranger = plan(cast), reader(page, cast, who)
    answer = stranger.get(f"/livestreams/{made.slug}")
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert "<h1>Over tarieven</h1>" in text
    assert '<meta property="og:title" content="Over tarieven">' in text
    assert cast.circle.name in text
    assert made.starts_at.isoformat() in text
    assert f"/livestreams/{made.slug}/cover.svg" in text
    assert [word for word in INSIDE if word in text] == []
    assert stranger.get(f"/livestreams/{made.slug}/cover.svg").status_code == 200


@pytest.mark.parametrize("state", ["announced", "live", "ended", "replay", "cancelled", "missed"])
def test_the_state_does_not_show_but_for_a_cancellation(cast: Cast, page: OpenPage, state: str) -> None:
    text = english(page).main(f"/livestreams/{plan(cast, state=state).slug}")
    assert ("Cancelled" in text) == (state == "cancelled")
    assert [word for word in ("Live", "Ended", "Recording", *INSIDE) if f">{word}<" in text] == []
    assert ("as a guest" in text) == (state in {"announced", "live"})


@pytest.mark.parametrize("hidden", ["draft", "links not shown", "absent"])
def test_what_is_not_shown_answers_like_an_absent_page(cast: Cast, page: OpenPage, hidden: str) -> None:
    made = plan(cast, shown=hidden != "links not shown", state="draft" if hidden == "draft" else "announced")
    slug = "absent-xxxxx" if hidden == "absent" else made.slug
    visitor, outsider = english(page), page(cast.olga)
    for path in (f"/livestreams/{slug}{below}" for below in ("", "/cover.svg", "/guest", "/desk")):
        answer = visitor.get(path)
        assert (answer.status_code, answer.location) == (303, f"/sign-in?next={path}")
        assert answer.get_data(as_text=True).replace(slug, "") == visitor.get(
            path.replace(slug, "nowhere-abcde")
        ).get_data(as_text=True).replace("nowhere-abcde", "")
        assert outsider.get(path).status_code == 404
        assert "Over tarieven" not in visitor.get(answer.location).text


def test_what_lies_below_the_link_stays_closed(cast: Cast, page: OpenPage) -> None:
    made = plan(cast, state="live")
    for below in ("chat", "calendar.ics", "desk", "registrations"):
        path = f"/livestreams/{made.slug}/{below}"
        assert page(None).get(path).location == f"/sign-in?next={path}"
        assert page(cast.olga).get(path).status_code == 404


def test_members_see_the_whole_page(cast: Cast, page: OpenPage) -> None:
    made = plan(cast)
    assert "Een lead voor leden" in page(cast.bram).get(f"/livestreams/{made.slug}").text


def test_a_member_has_a_link_mailed_from_the_shared_page(cast: Cast, page: OpenPage) -> None:
    made, visitor = plan(cast), english(page)
    path = f"/livestreams/{made.slug}"
    form = visitor.main(path)
    assert f'name="next" value="{path}"' in form
    visitor.post("/sign-in", email=cast.bram.email, how="link", next=path)
    (key,) = keys_mailed(cast.bram.email, "sign_in")
    assert visitor.post(f"/k/{secret_of(key)}").location == path
    assert "Een lead voor leden" in visitor.get(path).text


def test_an_outsider_asks_to_join_from_the_shared_page(cast: Cast, page: OpenPage) -> None:
    made, olga = plan(cast), page(cast.olga)
    assert f'action="/circles/{cast.circle.slug}/join"' in olga.main(f"/livestreams/{made.slug}")
    olga.post(f"/circles/{cast.circle.slug}/join")
    text = olga.main(f"/livestreams/{made.slug}")
    assert "You asked to join" in text
    assert "/join" not in text


def test_only_the_owner_decides_what_links_show(cast: Cast, page: OpenPage) -> None:
    path = f"/circles/{cast.circle.slug}/settings"
    typed = {"name": "Kring", "joining": "open", "locale": "nl", "zone": "Europe/Amsterdam", "country": "NL"}
    made = plan(cast)
    assert page(cast.bram).get(path).status_code == 404
    assert page(cast.olga).post(path, **typed, links="hidden").status_code == 404
    assert english(page).get(f"/livestreams/{made.slug}").status_code == 200
    assert page(cast.anna).post(path, **typed, links="perhaps").status_code == 422
    assert page(cast.anna).post(path, **typed, links="hidden").status_code == 303
    assert english(page).get(f"/livestreams/{made.slug}").status_code == 303
