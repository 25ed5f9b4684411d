"""Rate limits: each is filled once, the next request is refused, others are unaffected."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from limits.storage import memory

from events.accounts.models import User
from events.accounts.views import sign_in
from events.core import clock, rate_limits
from events.core.db.session import unit_of_work
from events.core.errors import TooMany
from events.core.realtime import handlers
from events.core.web import browser_id as browser_module
from events.office_hours.views import TAKE_RATE
from tests.architecture.test_bad_input import at_the_door, busy_world
from tests.architecture.test_rights import FRAMES, browser, filled
from tests.factories.accounts import set_password
from tests.factories.livestreams import make_livestream
from tests.factories.office_hours import make_office_hours
from tests.support.cast import Cast
from tests.support.clients import PageClient, SocketClient
from tests.support.form_cases import SHEETS
from tests.support.permission_world import World

# limit name, allowed requests, page, and what varies between requests
PAGES: tuple[tuple[str, int, str, Callable[[int], dict[str, str]]], ...] = (
    ("sign-in to one account", 10, "accounts.sign_in", lambda _: {}),
    ("sign-in from one address", 60, "accounts.sign_in", lambda n: {"email": f"p{n}@example.test"}),
    ("mail to one address", 5, "accounts.sign_in", lambda _: {"how": "link"}),
    ("mail to one address", 5, "accounts.sign_up", lambda _: {}),
    (
        "mail asked from one address", 60, "accounts.sign_in",
        lambda n: {"how": "link", "email": f"p{n}@example.test"},
    ),
    ("password", 10, "accounts.change_password", lambda _: {"new": "ten-characters"}),
    ("photo", 20, "accounts.change_photo", lambda _: {}),
    ("calendars", 12, "availability.calendars", lambda n: {"address": f"https://kalender.test/{n}.ics"}),
    ("invitations", 20, "circles.invite", lambda n: {"addresses": f"p{n}@example.test"}),
    ("plan", 30, "livestreams.create", lambda n: {"title": f"Avond {n}"}),
    ("guest", 20, "registrations.as_guest", lambda n: {"email": f"p{n}@example.test"}),
    ("guest", 20, "guests.invited", lambda n: {"email": f"p{n}@example.test"}),
    ("mail to one address", 5, "registrations.as_guest", lambda _: {}),
    ("chat", 5, "chat.say", lambda n: {"client_id": f"client-{n:08}"}),
    ("questions", 5, "questions.ask", lambda n: {"client_id": f"client-{n:08}"}),
    ("invite", 10, "bookings.invite", lambda _: {}),
    ("invite", 10, "bookings.book", lambda _: {}),
    ("new_time", 30, "coffees.new_time", lambda _: {}),
    ("introduce", 10, "coffees.introduce", lambda _: {}),
    ("hand on", 10, "companies.handover", lambda _: {}),
    ("import", 60, "circles.import_people", lambda _: {}),
    ("votes", 40, "questions.vote", lambda _: {}),
    ("votes", 40, "polls.vote", lambda _: {}),
)  # fmt: skip
FRAMED: tuple[tuple[str, int, str, Callable[[int], dict[str, object]]], ...] = (
    ("chat", 5, "chat.post", lambda n: {"client_id": f"client-{n:08}"}),
    ("chat", 5, "chat.edit", lambda _: {}),
    ("questions", 5, "questions.ask", lambda n: {"client_id": f"client-{n:08}"}),
    ("votes", 40, "questions.vote", lambda _: {}),
    ("votes", 40, "polls.vote", lambda _: {}),
    ("look in", 60, "presence.enter", lambda _: {}),
    ("chat.seen", 60, "chat.seen", lambda _: {}),
    ("react", 1, "presence.react", lambda _: {}),
    ("calls.enter", 30, "calls.enter", lambda _: {}),
    ("calls.more", 30, "calls.more", lambda _: {}),
    ("calls.direct", 30, "calls.direct", lambda _: {"agree": True}),
    ("calls.trouble", 30, "calls.trouble", lambda _: {}),
    ("nazit.enter", 30, "nazit.enter", lambda _: {}),
    ("office_hours.follow", 60, "office_hours.follow", lambda _: {}),
    ("calls.signal", 240, "calls.signal", lambda _: {}),
    (
        "calls.description", 40, "calls.signal",
        lambda _: {"candidate": None, "description": {"type": "offer", "sdp": "v=0"}},
    ),
)  # fmt: skip
SOON = 12  # larger limits are tested by `make check-all` only
ELSEWHERE = {"frames", "sockets", "visitors' sockets", "sockets opened", "ready"}  # tested in tests/core
BY_HAND = {  # tested below
    "feeds", "personal links", "ask to join", "recordings.progress", "sign-in to one account from all",
    "mail to one address from all", "create circle", "calls.check",
    "moves of a livestream", "recordings.said", "sitemap", "take office hour",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _limited(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Freezes the clock: on a slow machine a bucket of one second would refill."""
    moment = time.time()
    monkeypatch.setattr(memory, "time", SimpleNamespace(time=lambda: moment))
    rate_limits.configure(None, enabled=True)
    yield
    rate_limits.configure(None, enabled=False)


@pytest.mark.parametrize(
    ("bucket", "most", "endpoint", "change"),
    [pytest.param(*case, marks=[pytest.mark.long] if case[1] > SOON else []) for case in PAGES],
)
def test_each_page_limit_refuses_the_next_request(
    app: Flask, bucket: str, most: int, endpoint: str, change: Callable[[int], dict[str, str]]
) -> None:
    world = busy_world()
    page, path = at_the_door(app, world, endpoint)
    statuses = [
        page.post(path, **{**SHEETS[endpoint].right, **change(number)}).status_code
        for number in range(most + 1)
    ]
    assert 429 not in statuses[:-1], bucket
    assert statuses[-1] == 429, bucket
    rate_limits.reset()
    assert page.post(path, **{**SHEETS[endpoint].right, **change(0)}).status_code != 429


@pytest.mark.parametrize(("bucket", "most", "frame", "change"), FRAMED)
def test_each_frame_limit_counts_per_person(
    app: Flask, bucket: str, most: int, frame: str, change: Callable[[int], dict[str, object]]
) -> None:
    world = busy_world()
    actor = "partner" if frame.startswith("calls.") else "member"
    sockets = [SocketClient(app, None, client=browser(app, world, actor).client) for _ in range(2)]
    statuses = []
    for number in range(most + 1):
        payload = {**filled(FRAMES[frame], world), **change(number)}
        ack = sockets[number % 2].send(frame, **{name: value for name, value in payload.items() if value})
        statuses.append(ack.status)
    for socket in sockets:
        socket.close()
    assert 429 not in statuses[:-1], bucket
    assert (statuses[-1], ack["error"]) == (429, "too_many"), bucket
    assert ack["retry_after"] > 0


def tried(visitor: PageClient, person: User, typed: str = "not this one", **more: str) -> int:
    return visitor.post("/sign-in", email=person.email, password=typed, **more).status_code


def test_a_stranger_cannot_lock_an_owner_out(app: Flask, cast: Cast) -> None:
    """Counted per account and network; a browser known to the owner has its own count."""
    set_password(cast.bram.id, "koffie met melk")
    known, elsewhere, stranger = PageClient(app, None), PageClient(app, None), PageClient(app, None)
    stranger.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert tried(known, cast.bram, "koffie met melk") == 303
    known.post("/sign-out")
    assert [tried(stranger, cast.bram) for _ in range(11)] == [422] * 10 + [429]
    assert [tried(stranger, cast.bram, how="link") for _ in range(6)] == [303] * 5 + [429]
    for browser_ in (known, elsewhere):
        assert tried(browser_, cast.bram, how="link") == 303
        assert tried(browser_, cast.bram, "koffie met melk") == 303


def test_a_stranger_cannot_block_guest_links_to_an_address(app: Flask) -> None:
    """Guest links count like other mails to an address, per network."""
    world = busy_world()
    path = at_the_door(app, world, "registrations.as_guest")[1]
    stranger, guest = PageClient(app, None), PageClient(app, None)
    stranger.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    eva = {"name": "Eva", "email": "eva@example.test"}
    statuses = [stranger.post(path, **eva).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]
    assert stranger.post("/sign-in", email=eva["email"], how="link").status_code == 429
    assert guest.post(path, **eva).status_code == 303


def test_distributed_guesses_do_not_affect_a_known_browser(app: Flask, cast: Cast) -> None:
    set_password(cast.bram.id, "koffie met melk")
    known = PageClient(app, None)
    assert tried(known, cast.bram, "koffie met melk") == 303
    known.post("/sign-out")
    for bucket, rate in (
        ("sign-in to one account from all", sign_in.PASSWORD_RATE_OF_ALL),
        ("mail to one address from all", browser_module.MAIL_RATE_OF_ALL),
    ):
        with suppress(TooMany):
            for _ in range(int(rate.split()[0])):
                rate_limits.hit(bucket, cast.bram.email, rate)
    assert tried(PageClient(app, None), cast.bram) == 429
    assert tried(PageClient(app, None), cast.bram, how="link") == 429
    assert tried(known, cast.bram, how="link") == 303
    assert tried(known, cast.bram, "koffie met melk") == 303


def test_a_known_browser_has_a_limit_of_its_own_per_person(app: Flask, cast: Cast) -> None:
    set_password(cast.bram.id, "koffie met melk")
    known = PageClient(app, None)
    tried(known, cast.bram, "koffie met melk")
    known.post("/sign-out")
    assert [tried(known, cast.bram) for _ in range(11)] == [422] * 10 + [429]
    assert [tried(known, cast.anna) for _ in range(11)] == [422] * 10 + [429]


def test_moves_of_a_livestream_are_limited(app: Flask, cast: Cast) -> None:
    """Each move mails every registered person."""
    with unit_of_work() as db:
        made = make_livestream(db, cast.circle, cast.anna, state="announced")
    anna, path = PageClient(app, cast.anna), f"/livestreams/{made.slug}/edit"
    fields = {
        "title": "Een avond",
        "day": f"{clock.now() + timedelta(days=20):%Y-%m-%d}",
        "preset": "session",
    }
    hours = [f"{hour}:00" for hour in range(10, 17)]
    assert [anna.post(path, **fields, hour=hour).status_code for hour in hours] == [303] * 6 + [429]
    assert anna.post(path, **{**fields, "title": "Een andere"}, hour=hours[5]).status_code == 303


def test_chat_replay_requests_are_limited(app: Flask) -> None:
    world = busy_world()
    member = browser(app, world, "member")
    path = f"/recordings/{world.values['recording']}/chat"
    for _ in range(119):
        rate_limits.hit("recordings.said", world.people["member"].id, "120 per minute")
    assert [member.get(path).status_code for _ in range(2)] == [200, 429]


def test_taking_office_hours_is_limited(app: Flask, cast: Cast) -> None:
    with unit_of_work() as db:
        made = make_livestream(db, cast.circle, cast.anna, state="ended")
        free = make_office_hours(db, made, cast.anna, 1)[0]
    for _ in range(9):
        rate_limits.hit("take office hour", cast.bram.id, TAKE_RATE)
    bram, path = PageClient(app, cast.bram), f"/livestreams/{made.slug}/office-hours/{free.id}/take"
    assert [bram.post(path).status_code for _ in range(2)] == [303, 429]


def test_guesses_of_links_are_limited(app: Flask) -> None:
    visitor = PageClient(app, None)
    statuses = [visitor.get(f"/k/{'a' * 26}{'b' * 32}").status_code for _ in range(121)]
    assert statuses == [404] * 120 + [429]


def test_guesses_of_feed_urls_are_limited(app: Flask) -> None:
    visitor = PageClient(app, None)
    statuses = [visitor.get(f"/feeds/{'a' * 26}{'b' * 43}.ics").status_code for _ in range(121)]
    assert statuses == [404] * 120 + [429]


def test_join_requests_are_limited(app: Flask) -> None:
    world = busy_world()
    outsider = browser(app, world, "outsider")
    path = f"/circles/{world.values['circle']}/join"
    assert [outsider.post(path).status_code for _ in range(21)] == [303] * 20 + [429]


def test_takers_of_office_hours_are_limited(app: Flask) -> None:
    """Each place that is taken is a coffee, and a mail to two people."""
    world = busy_world()
    member = browser(app, world, "member")
    path = f"/livestreams/{world.values['recorded']}/office-hours/{'a' * 26}/take"
    assert [member.post(path).status_code for _ in range(11)] == [303] * 10 + [429]


def test_an_ipv6_network_counts_as_one_client(app: Flask) -> None:
    visitor = PageClient(app, None)
    statuses = []
    for number in range(121):
        visitor.client.environ_base["REMOTE_ADDR"] = f"2001:db8:5:6::{number:x}"
        statuses.append(visitor.get(f"/k/{'a' * 26}{'b' * 32}").status_code)
    assert 429 not in statuses[:-1]
    assert statuses[-1] == 429


def test_progress_reports_are_limited(app: Flask) -> None:
    world = busy_world()
    member = browser(app, world, "member")
    assert [keep(member, world) for _ in range(31)] == [204] * 30 + [429]


def keep(page: PageClient, world: World) -> int:
    path = f"/recordings/{world.values['recording']}/progress"
    headers = {"X-CSRFToken": page.csrf_token()}
    answer = page._free_context(lambda: page.client.post(path, json={"second": 1}, headers=headers))
    return answer.status_code


def test_a_refusal_carries_retry_after(app: Flask) -> None:
    world = busy_world()
    page, path = at_the_door(app, world, "chat.say")
    for number in range(6):
        answer = page.post(path, client_id=f"client-{number:08}", body="Hallo")
    assert 0 < int(answer.headers["Retry-After"]) <= 10
    assert "That was a lot at once" in answer.get_data(as_text=True)


def test_limits_count_each_person_apart(app: Flask) -> None:
    world = busy_world()
    page, path = at_the_door(app, world, "chat.say")
    for number in range(6):
        page.post(path, client_id=f"client-{number:08}", body="Hallo")
    other = browser(app, world, "organiser").post(path, client_id="client-other", body="Hallo")
    assert other.status_code == 303


def test_a_program_that_reads_the_sitemap_over_and_over_is_told_to_wait(app: Flask) -> None:
    reader = PageClient(app, None)
    for number in range(60):
        assert reader.get(("/sitemap.xml", "/sitemaps/1.xml")[number % 2]).status_code == 200
    assert reader.get("/sitemap.xml").status_code == 429
    assert reader.get("/robots.txt").status_code == 200


def test_every_rate_limit_has_a_test() -> None:
    source = "\n".join(
        file.read_text()
        for file in Path(handlers.__file__).parents[2].rglob("*.py")
        if "seed" not in file.parts
    )
    buckets = set(re.findall(r'(?:\.limit|limits\.hit)(?:_network)?\(\s*"([^"]+)"', source))
    assert buckets == {case[0] for case in (*PAGES, *FRAMED)} | ELSEWHERE | BY_HAND
