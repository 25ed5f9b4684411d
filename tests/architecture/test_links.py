"""Every link, form and button of every page leads somewhere, for each of the cast."""

from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from events.circles.models import Circle
from events.core.db.session import unit_of_work
from events.livestreams.models import STATES
from events.schema import metadata
from tests.factories.accounts import make_key
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_agenda, make_livestream
from tests.factories.questions import make_question
from tests.support.clients import PageClient
from tests.support.page_links import Pressable, pressables_of
from tests.support.permission_world import World, make_world

FILES = ("/static/", "/media/")  # not served by routes
MAX_PAGES = 400  # a walk that does not end found a page that makes new addresses
# Where somebody begins besides "/": what only mails and other people lead to.
STARTS = ("/", "/sign-in", "/sign-up", "/livestreams", "/coffees", "/me", "/circles/new", "/help", "/privacy")
ACTORS = ("visitor", "outsider", "member", "partner", "owner", "livestream key", "coffee key")


def make_everything() -> tuple[World, list[str]]:
    """The world with a public livestream in each state; addresses of what is not linked from everywhere."""
    with unit_of_work() as db:
        for table in reversed(metadata.sorted_tables):
            db.execute(table.delete())
        world = make_world(db)
        owner, partner, other = (world.people[name] for name in ("owner", "partner", "other"))
        circle = db.scalars(select(Circle).where(Circle.slug == world.values["circle"])).one()
        addresses = [f"/with/{world.values['handle']}", f"/circles/{world.values['circle']}"]
        for state in STATES:
            evening = make_livestream(
                db, circle, owner, title=f"Avond {state}", state=state, audience="public"
            )
            make_agenda(db, evening, "Welkom", "Vragen")
            make_question(db, evening, other)
            world.keys["livestream"].append(make_key(db, world.people["guest"], "livestream", evening.id))
            addresses.append(f"/livestreams/{evening.slug}")
        for state in ("proposed", "declined", "met", "missed", "cancelled"):
            coffee = make_coffee(db, circle, [partner, other], state=state)
            addresses.append(f"/coffees/{coffee.id}")
    return world, addresses


def browser(app: Flask, world: World, actor: str) -> PageClient:
    page = PageClient(app, world.people.get(actor))
    for key in world.keys.get(actor.removesuffix(" key"), []):
        assert page.open_key(key).status_code == 303
    return page


class Walk:
    """Follows every link from some addresses on, each once, and notes what leads nowhere."""

    def __init__(self, app: Flask, page: PageClient) -> None:
        self.page = page
        self.routes = app.url_map.bind("localhost")
        self.faults: list[str] = []
        self.seen: set[str] = set()
        self.forms: set[tuple[str, str]] = set()

    def follow(self, starts: list[str]) -> None:
        waiting = [(start, "") for start in starts]
        while waiting:
            path, source = waiting.pop()
            if path in self.seen:
                continue
            self.seen.add(path)
            assert len(self.seen) < MAX_PAGES, sorted(self.seen)
            answer = self.page.get(path)
            if source and answer.status_code >= 400:
                self.faults.append(f"{source}: {path} answers {answer.status_code}")
            if 300 <= answer.status_code < 400:
                waiting.append((urljoin(path, answer.headers["Location"]), source))
            elif answer.mimetype == "text/html" and answer.status_code < 400:
                waiting += [(link, path) for link in self.look_at(path, answer.text)]

    def look_at(self, path: str, html: str) -> list[str]:
        """The links of ours on this page; everything on it must have a route that takes its method."""
        page = pressables_of(html)
        self.faults += [f"{path}: a button does nothing: {button}" for button in page.dead]
        links = []
        for one in page.found:
            if one.address.startswith("#"):
                if len(one.address) > 1 and one.address[1:] not in page.ids:
                    self.faults.append(f"{path}: {one.address} is not on the page")
                continue
            address = urlsplit(urljoin(path, one.address))
            if address.netloc not in {"", "localhost", "localhost:8000"} or address.scheme not in {
                "",
                "http",
            }:
                continue
            if address.path.startswith(FILES):
                continue
            if not self.leads_somewhere(one, address.path):
                self.faults.append(f"{path}: {one.method} {one.address} has no route")
            elif one.method == "GET" and not one.shape:
                links.append(address.path + (f"?{address.query}" if address.query else ""))
        return links

    def leads_somewhere(self, one: Pressable, path: str) -> bool:
        try:
            self.routes.match(path, method=one.method)
        except RequestRedirect:
            return True
        except HTTPException:
            return False
        return True


@pytest.mark.parametrize("actor", ACTORS)
def test_every_link_form_and_button_leads_somewhere(app: Flask, actor: str) -> None:
    world, addresses = make_everything()
    walk = Walk(app, browser(app, world, actor))
    walk.follow([*STARTS, *addresses])
    assert walk.faults == []


def test_the_walk_notices_what_leads_nowhere(app: Flask) -> None:
    walk = Walk(app, PageClient(app, None))
    links = walk.look_at(
        "/livestreams",
        '<a href="/help">fine</a><a href="/livestreams/x/nazit/leave">leave</a><a href="#gone">gone</a>'
        '<form method="post" action="/nowhere"><button>go</button></form><button type="button">dead</button>',
    )
    assert links == ["/help"]
    assert len(walk.faults) == 4
