"""A TURN server that is away: both are asked whether to connect directly, and only two who agree are."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from tests.journeys.browser_person import with_cameras
from tests.support.cluster import alone
from tests.support.processes import Ontmoet, free_port

TIMEOUT_SECONDS = 40_000
MOVING = re.compile(r"^([5-9]|\d\d+)$")  # at least five decoded frames
ADDRESS = re.compile(r"typ (host|srflx|prflx)")
NAMES = ("bram", "dana", "chris", "farid")

pytestmark = [pytest.mark.journey, pytest.mark.long]
Four = dict[str, Page]
Said = dict[str, list[str]]


@pytest.fixture
def without_relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ontmoet]:
    """The demo circle, with a TURN server that nobody runs."""
    settings = {"TURN_URLS": f"turn:127.0.0.1:{free_port()}", "TURN_SECRET": "a-secret-of-nobody-at-all"}
    with alone(tmp_path_factory.mktemp("no-relay"), **settings) as running:
        yield running


@pytest.fixture
def four(browser: Browser, without_relay: Ontmoet) -> Iterator[Four]:
    with with_cameras(browser, without_relay, NAMES, on_a_phone={"dana", "farid"}) as pages:
        yield pages


@pytest.fixture
def said(four: Four) -> Said:
    """What each browser sends and is sent about the other's network, from now on."""
    heard: Said = {name: [] for name in four}
    for name, page in four.items():
        page.on("websocket", partial(listen, heard[name]))
    return heard


def listen(heard: list[str], socket: WebSocket) -> None:
    for way in ("framesent", "framereceived"):
        socket.on(way, lambda payload: heard.append(str(payload)))


def test_only_two_consenting_people_connect_without_a_relay(
    four: Four, said: Said, without_relay: Ontmoet
) -> None:
    starts_at = (without_relay.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    coffees = arrange(without_relay, starts_at.isoformat())
    without_relay.travel_to(starts_at)
    for name, coffee in zip(NAMES, (coffees[0], coffees[0], coffees[1], coffees[1]), strict=True):
        page = four[name]
        page.goto(f"/coffees/{coffee}/call")
        page.locator("[data-join]").click()
    for page in four.values():
        expect(page.locator("[data-answer=ask]")).to_be_visible(timeout=TIMEOUT_SECONDS)

    answer(four["bram"], "yes")
    answer(four["chris"], "yes")
    answer(four["farid"], "no")
    for name in NAMES:
        assert not any(ADDRESS.search(frame) for frame in said[name]), name
    answer(four["dana"], "yes")
    for name in ("bram", "dana"):
        sees_the_other(four[name])
    assert any(ADDRESS.search(frame) for frame in said["bram"])

    for name, word in (("chris", "yes"), ("farid", "no")):
        expect(four[name].locator(f"[data-answer={word}]")).to_be_visible()
        assert not any(ADDRESS.search(frame) for frame in said[name]), name
        assert not any('"agree":false' in frame for frame in said[name]), "a no leaves nobody's page"

    four["dana"].reload()  # its person said yes on this very page
    for name in ("bram", "dana"):
        sees_the_other(four[name])


def arrange(demo: Ontmoet, starts_at: str) -> list[str]:
    return demo.arrange("tests.journeys.fixtures", starts_at).split()


def answer(page: Page, word: str) -> None:
    page.locator(f"[data-answer=ask] [data-agree={word}]").click()
    expect(page.locator(f"[data-answer={word}]")).to_be_visible()


def sees_the_other(page: Page) -> None:
    expect(page.locator("[data-call-state=connected]")).to_be_attached(timeout=TIMEOUT_SECONDS)
    video = page.locator("video[data-role=remote]")
    expect(video).to_have_attribute("data-frames", MOVING, timeout=TIMEOUT_SECONDS)
