"""Pages for search engines: sitemap, robots.txt, canonical addresses and linked data."""

import json
import re
from xml.etree import ElementTree

import pytest

from events.circles.models import Circle
from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from events.pages.queries import sitemap
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.types import OpenPage


def listed(page: OpenPage) -> list[str]:
    """Addresses of every file that the index names, as a search engine would read them."""
    reader = page(None)
    return [address for file in _locations(reader, "/sitemap.xml") for address in _locations(reader, file)]


def _locations(reader: PageClient, path: str) -> list[str]:
    answer = reader.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    found = ElementTree.fromstring(answer.text).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")  # noqa: S314 - ours
    return [re.sub(r"^https?://[^/]+", "", one.text or "") for one in found]


def linked_data(page: OpenPage, slug: str) -> dict[str, object] | None:
    text = page(None).get(f"/livestreams/{slug}").text
    found = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', text, re.DOTALL)
    return json.loads(found[1]) if found else None


def add(cast: Cast, **values: str) -> str:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, **values).slug  # type: ignore[arg-type]


def open_to_search(cast: Cast, *, findable: bool = True) -> None:
    with unit_of_work() as db:
        db.get_one(Circle, cast.circle.id).findable = findable


def test_nothing_of_a_members_circle_is_listed(page: OpenPage, cast: Cast) -> None:
    public = add(cast, audience="public", title="Voor <iedereen>")
    assert f"/circles/{cast.circle.slug}" not in listed(page)
    assert not [address for address in listed(page) if public in address]
    assert linked_data(page, public) is None
    for path in (f"/livestreams/{public}", f"/circles/{cast.circle.slug}"):
        assert '<meta name="robots" content="noindex">' in page(None).get(path).text


def test_a_circle_that_agreed_is_listed_with_its_public_livestreams_only(page: OpenPage, cast: Cast) -> None:
    open_to_search(cast)
    public, members = add(cast, audience="public"), add(cast, title="Onder ons")
    draft = add(cast, audience="public", state="draft", title="Concept")
    cancelled = add(cast, audience="public", state="cancelled", title="Afgelast")
    found = listed(page)
    assert {"/", f"/circles/{cast.circle.slug}", f"/livestreams/{public}"} <= set(found)
    assert not {f"/livestreams/{slug}" for slug in (members, draft, cancelled)} & set(found)
    assert "noindex" not in page(None).get(f"/circles/{cast.circle.slug}").text


def test_many_addresses_are_spread_over_files_without_loss(
    page: OpenPage, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "ADDRESSES_PER_FILE", 3)
    open_to_search(cast)
    slugs = {f"/livestreams/{add(cast, audience='public', title=f'Avond {number}')}" for number in range(7)}
    assert len(_locations(page(None), "/sitemap.xml")) == 3
    found = listed(page)
    assert slugs <= set(found)
    assert len(found) == len(set(found))
    assert page(None).get("/sitemaps/4.xml").status_code == 303
    assert page(cast.olga).get("/sitemaps/0.xml").status_code == 404


def test_robots_points_to_the_sitemap(page: OpenPage) -> None:
    assert re.search(
        r"^Sitemap: https?://\S+/sitemap\.xml$", page(None).get("/robots.txt").text, re.MULTILINE
    )


def test_an_event_is_described_with_its_state(page: OpenPage, cast: Cast) -> None:
    open_to_search(cast)
    slug = add(cast, audience="public", title="Prijs </script> & \u2028 <b>")
    data = linked_data(page, slug)
    assert data is not None
    assert data["name"] == "Prijs </script> & \u2028 <b>"
    assert data["@type"] == "Event"
    assert data["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d\d:\d\d", str(data["startDate"]))
    assert str(data["url"]).endswith(f"/livestreams/{slug}")
    assert "Anna" not in json.dumps(data), "names of people are left out"
    for values, status in (({"sequence": 1}, "EventRescheduled"), ({"state": "cancelled"}, "EventCancelled")):
        with unit_of_work() as db:
            row = db.query(Livestream).filter_by(slug=slug).one()
            for name, value in values.items():
                setattr(row, name, value)
        data = linked_data(page, slug)
        assert data is not None
        assert data["eventStatus"] == f"https://schema.org/{status}"


def test_a_members_livestream_is_described_to_nobody(page: OpenPage, cast: Cast) -> None:
    open_to_search(cast)
    slug = add(cast)
    assert linked_data(page, slug) is None
    assert "ld+json" not in page(cast.bram).get(f"/livestreams/{slug}").text


@pytest.mark.parametrize("query", ["", "?utm_source=x", "?tab=questions"])
def test_public_pages_have_one_address(page: OpenPage, cast: Cast, query: str) -> None:
    slug = add(cast, audience="public")
    for path in ("/", "/help", f"/circles/{cast.circle.slug}", f"/livestreams/{slug}"):
        text = page(None).get(path + query).text
        assert re.findall(r'<link rel="canonical" href="https?://[^/"]+([^"]*)">', text) == [path]
