"""Two members who have a quarter of an hour now talk at once; a third goes on looking."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser_person import with_cameras
from tests.support.processes import Ontmoet

MOVING = re.compile(r"^([5-9]|\d\d+)$")  # at least five decoded frames
BUTTON = "form[action$='/quick-call'] button"

pytestmark = [pytest.mark.journey, pytest.mark.long]
Three = dict[str, Page]


@pytest.fixture
def three(browser: Browser, demo: Ontmoet) -> Iterator[Three]:
    with with_cameras(browser, demo, ("bram", "chris", "dana"), on_a_phone={"chris", "dana"}) as pages:
        yield pages


def test_two_who_have_time_now_go_to_one_call(three: Three, demo: Ontmoet) -> None:
    bram, chris, dana = (three[name] for name in ("bram", "chris", "dana"))
    bram.goto("/")
    bram.locator(BUTTON).click()
    expect(bram.locator("h1")).to_have_text("Wie heeft er ook een kwartier?")
    chris.goto("/")
    chris.locator(BUTTON).click()
    for page in (bram, chris):
        page.wait_for_url(re.compile(r"/coffees/\w+/call$"))
        page.locator("[data-join]").click()
    assert bram.url == chris.url
    for page in (bram, chris):
        expect(page.locator("video[data-role=remote]")).to_have_attribute("data-frames", MOVING)

    dana.goto("/")
    dana.locator(BUTTON).click()
    expect(dana.locator("h1")).to_have_text("Wie heeft er ook een kwartier?")
    dana.locator("form[action$='/stop'] button").click()
    expect(dana.locator("h1")).to_have_text("Heb je nu een kwartier?")

    coffee = bram.url.removesuffix("/call")
    demo.travel_to(demo.now() + timedelta(minutes=16))
    bram.goto("/")
    expect(bram.locator(f"main a[href='{coffee.removeprefix(demo.url)}/outcome']")).to_be_visible()
