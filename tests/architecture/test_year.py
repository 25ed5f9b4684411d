"""Every page at the end of a large circle's year: small, quick, and with a bounded number of statements."""

import time
from dataclasses import dataclass
from statistics import median

import pytest
from flask import Flask
from sqlalchemy import select

from events.circles.models import Membership
from events.core.auth import endpoints
from events.core.db.session import engine, unit_of_work
from events.feeds.actions import make_feed
from events.feeds.queries import token_of
from tests.architecture.test_query_counts import full_scans, listening, open_house
from tests.factories.circles import make_interest
from tests.factories.coffees import person
from tests.factories.handbooks import make_book_entry
from tests.factories.messages import make_message
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.year_of_data import A_MONTH, A_YEAR, seed_year

MAX_BYTES = 100_000
MAX_STATEMENTS = 12
# A coffee that took place shows its room, note, promises, details and three times for the next one; a yes
# that is changed shows times, topics and what was chosen before.
MORE_STATEMENTS = {"/coffees/{met}": 14, "/livestreams/{replay}/coffee": 13}
MAX_TIMES_SLOWER = 3
NOISE = 2.0  # milliseconds of processor that two looks at one page may differ by
TRIES = 3  # of a page that seems slow: other programs share the machine
# Slower for a reason: reports count the people and coffees of an evening or a year, where an empty one counts
# nothing, and the last pages of a member list have 5,000 names sorted before them. Calendar files are
# compared from the second reading on: the first of an unchanged entry writes it, later ones use a cache.
SLOWER = {
    "/livestreams/{replay}/report": 5,
    "/livestreams/{replay}/report?page=30": 5,
    "/livestreams/{replay}/report.csv": 5,
    "/circles/{circle}/report": 5,
    "/circles/{circle}/report?page=30": 5,
    "/circles/{circle}/members?page=90": 5,
}
# Addresses of one use, of files that are no pages, and of development.
LEFT_OUT = {
    "accounts.open_key", "accounts.photo", "circles.accept_invitation", "circles.logo", "circles.requested",
    "companies.answer",
    "coffees.contact", "coffees.introduction", "coffees.later", "guests.invited",
    "guests.join",
    "notifications.dev_mail_calendar",
    "notifications.dev_mail_html",
    "notifications.dev_mail_one", "notifications.unsubscribe", "pages.metrics", "pages.sitemap_file",
    "rescue.show", "rounds.one_more",
}  # fmt: skip
PAGES = [
    "/",
    "/check-mail",
    "/sign-in",
    "/sign-up",
    "/help",
    "/privacy",
    "/healthz",
    "/readyz",
    "/robots.txt",
    "/me",
    "/me/mails",
    "/me/reach",
    "/me/sign-ins",
    "/me/times",
    "/me/calendars",
    "/me/with",
    "/me/feed",
    "/feeds/{token}.ics",
    "/circles/new",
    "/circles/{circle}",
    "/circles/{circle}/book",
    "/circles/{circle}/guests",
    "/circles/{circle}/book/new/role",
    "/circles/{circle}/book/{entry}",
    "/circles/{circle}/breaks",
    "/circles/{circle}/calendar.ics",
    "/circles/{circle}/colour.svg",
    "/circles/{circle}/cover.svg",
    "/circles/{circle}/companies",
    "/circles/{circle}/companies/{company}",
    "/circles/{circle}/coffee",
    "/circles/{circle}/coffee/always",
    "/circles/{circle}/coffee/apart",
    "/circles/{circle}/coffee/back",
    "/circles/{circle}/coffee/pause",
    "/circles/{circle}/held",
    "/circles/{circle}/import",
    "/circles/{circle}/invite",
    "/circles/{circle}/invitation-mail",
    "/circles/{circle}/invitation-mail/nl",
    "/circles/{circle}/livestreams",
    "/circles/{circle}/livestreams/new",
    "/circles/{circle}/me",
    "/circles/{circle}/members",
    "/circles/{circle}/members?page=90",
    "/circles/{circle}/members?q=zzz",
    "/circles/{circle}/members/{chris}",
    "/circles/{circle}/members/{chris}/coffee",
    "/circles/{circle}/recordings",
    "/circles/{circle}/recordings?page=30",
    "/circles/{circle}/messages",
    "/circles/{circle}/quick-call",
    "/circles/{circle}/removed",
    "/circles/{circle}/report",
    "/circles/{circle}/report?page=30",
    "/circles/{circle}/report/not-seen",
    "/circles/{circle}/requests",
    "/circles/{circle}/rounds/new",
    "/circles/{circle}/settings",
    "/circles/{circle}/welcome-coffee",
    "/circles/{circle}/welcoming",
    "/circles/{circle}/topics",
    "/circles/{circle}/topics?q=99",
    "/circles/{circle}/topics?topic={topic}",
    "/livestreams",
    "/livestreams?page=30",
    "/livestreams/{announced}",
    "/livestreams/{announced}/calendar.ics",
    "/livestreams/{announced}/cover.svg",
    "/livestreams/{announced}/desk",
    "/livestreams/{announced}/edit",
    "/livestreams/{announced}/bring",
    "/livestreams/{announced}/guest",
    "/livestreams/{announced}/guests",
    "/livestreams/{announced}/held",
    "/livestreams/{announced}/place",
    "/livestreams/{announced}/preview.png",
    "/livestreams/{announced}/qr.png",
    "/livestreams/{announced}/qr.svg",
    "/livestreams/{announced}/share",
    "/livestreams/{live}",
    "/livestreams/{live}?tab=questions",
    "/livestreams/{live}/chat",
    "/livestreams/{live}/chat?after=100",
    "/livestreams/{live}/coffee-with/{chris}",
    "/livestreams/{live}/desk",
    "/livestreams/{live}/messages",
    "/livestreams/{live}/nazit",
    "/livestreams/{live}/nazit/check",
    "/livestreams/{live}/polls",
    "/livestreams/{live}/questions",
    "/livestreams/{live}/questions?page=10",
    "/livestreams/{live}/registrations",
    "/livestreams/{announced}/series",
    "/livestreams/{announced}/waiting-list",
    "/livestreams/{live}/registrations?page=50",
    "/livestreams/{replay}",
    "/livestreams/{replay}?t=3000",
    "/livestreams/{replay}/coffee",
    "/livestreams/{replay}/desk",
    "/livestreams/{replay}/office-hours",
    "/livestreams/{replay}/recording",
    "/livestreams/{replay}/report",
    "/livestreams/{replay}/report?page=30",
    "/livestreams/{replay}/report.csv",
    "/livestreams/{replay}/speaker",
    "/messages/{message}",
    "/messages/{message}/edit",
    "/messages/{message}/mail",
    "/sitemap.xml",
    "/recordings/{recording}/chat?t=3000",
    "/rounds/{round}",
    "/rounds/{drafted}",
    "/rounds/{drafted}?page=20",
    "/rounds/{own_round}/coffee?change=1",
    "/coffees",
    "/coffees?page=3",
    "/coffees/{coffee}",
    "/coffees/{coffee}/calendar.ics",
    "/coffees/{coffee}/call",
    "/coffees/{coffee}/check",
    "/coffees/{coffee}/hand-on",
    "/coffees/{coffee}/messages?after=0",
    "/coffees/{coffee}/new-time",
    "/coffees/{onsite}/place",
    "/coffees/{phoned}/number",
    "/coffees/{met}",
    "/coffees/{met}/again",
    "/coffees/{met}/details",
    "/coffees/{met}/introduce",
    "/coffees/{met}/outcome",
    "/with/{handle}",
    "/circles/{circle}/unreached",
    "/dev/mail",
]


@dataclass(frozen=True)
class Look:
    """What one page cost one reader: its status, bytes, statements and milliseconds of processor."""

    status: int
    size: int = 0
    statements: int = 0
    milliseconds: float = 0.0


def test_every_page_is_walked_or_left_out(app: Flask) -> None:
    routes = app.url_map.bind("localhost")
    values = dict.fromkeys(
        (
            "circle",
            "announced",
            "live",
            "replay",
            "handle",
            "token",
            "topic",
            "chris",
            "message",
            "entry",
            "company",
        ),
        "x",
    ) | dict.fromkeys(
        ("recording", "round", "drafted", "own_round", "coffee", "met", "onsite", "phoned"), "x"
    )
    walked = {routes.match(path.format(**values).partition("?")[0])[0] for path in PAGES}
    pages = {
        door.name for door in endpoints.endpoints.values() if door.kind == "page" and "GET" in door.methods
    }
    assert walked | LEFT_OUT == pages


@pytest.fixture
def values(cast: Cast) -> dict[str, str]:
    """What the addresses of the walk are filled with, in a circle with one of each."""
    with unit_of_work() as db:
        found = open_house(db, cast)
        own = db.scalars(select(Membership).where(Membership.user_id == cast.bram.id)).one()
        found["topic"] = make_interest(db, own, "asks", "Offertes").topic_id
        found["token"] = token_of(make_feed(db, person(cast.bram)))
        found["message"] = make_message(db, cast.circle, cast.anna).id
        found["entry"] = make_book_entry(db, cast.circle).id
    return found | {"chris": cast.chris.id}


def test_pages_stay_small_after_a_month(app: Flask, cast: Cast, values: dict[str, str]) -> None:
    """Lists of a few pages each: bytes and statements, read by the first of the three who may."""
    with unit_of_work() as db:
        seed_year(db, cast, values, A_MONTH)
    readers = {"owner": PageClient(app, cast.anna), "member": PageClient(app, cast.bram)}
    wrong = []
    with listening() as counted:
        for path in PAGES:
            for name, browser in readers.items():
                found = look(browser, path.format(**values), counted, times=1)
                if found.status == 200:
                    wrong += faults(name, path, found)
                    break
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
def test_pages_stay_small_and_quick_after_a_year(app: Flask, cast: Cast, values: dict[str, str]) -> None:
    """Each page is compared with itself in the same process before the circle grew."""
    readers = {
        "owner": PageClient(app, cast.anna),
        "member": PageClient(app, cast.bram),
        "visitor": PageClient(app, None),
    }
    cases = [(name, path) for name in readers for path in PAGES]
    with listening() as counted:
        before = {(name, path): look(readers[name], path.format(**values), counted) for name, path in cases}
        with unit_of_work() as db:
            seed_year(db, cast, values, A_YEAR)
        wrong = []
        for name, path in cases:
            found = look(readers[name], path.format(**values), counted)
            assert found.status == before[name, path].status, (name, path)
            wrong += faults(name, path, found)
            for _try in range(TRIES):
                if not is_slow(path, before[name, path], found):
                    break
                found = look(readers[name], path.format(**values), counted, times=9)
            else:
                wrong.append(f"{name} {path}: slow, {before[name, path].milliseconds:.1f} ms before, {found}")
    assert not wrong, "\n".join(wrong)
    if engine().dialect.name == "sqlite":
        scans = [
            scan
            for name, path in cases
            if before[name, path].status == 200
            for scan in full_scans(readers[name], path.format(**values))
        ]
        assert scans == []


def faults(reader: str, path: str, found: Look) -> list[str]:
    """What a page may not be, in words."""
    wrong = []
    if found.size > MAX_BYTES and not path.endswith(".ics"):
        wrong.append(f"{reader} {path}: {found.size} bytes")
    if found.statements > MORE_STATEMENTS.get(path, MAX_STATEMENTS):
        wrong.append(f"{reader} {path}: {found.statements} statements")
    return wrong


def is_slow(path: str, before: Look, after: Look) -> bool:
    return after.milliseconds > SLOWER.get(path, MAX_TIMES_SLOWER) * before.milliseconds + NOISE


def look(browser: PageClient, address: str, counted: list[str], times: int = 3) -> Look:
    first = browser.get(address)  # what is read once a process or a browser
    if first.status_code != 200:
        return Look(first.status_code)
    spent = []
    for _time in range(times):
        counted.clear()
        began = time.process_time()
        answer = browser.get(address)
        spent.append(time.process_time() - began)
    return Look(answer.status_code, len(answer.data), len(counted), 1000 * median(spent))
