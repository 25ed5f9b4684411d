"""After a livestream Anna offers places from Today; Bram takes one, and Dana's open page loses it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser_person import with_cameras
from tests.support.processes import Ontmoet

EVENING = "/livestreams/demo-live"
PLACES = "#office-hours [data-place]"

pytestmark = [pytest.mark.journey, pytest.mark.long]
Three = dict[str, Page]


@pytest.fixture
def three(browser: Browser, demo: Ontmoet) -> Iterator[Three]:
    with with_cameras(browser, demo, ("anna", "bram", "dana"), on_a_phone={"dana"}) as pages:
        yield pages


def test_a_place_is_offered_taken_and_gone_from_open_pages(three: Three) -> None:
    anna, bram, dana = (three[name] for name in ("anna", "bram", "dana"))
    anna.goto(f"{EVENING}/desk")
    with anna.expect_navigation():
        anna.evaluate("document.querySelector(`form[action$='/end']`).requestSubmit()")

    anna.goto("/")
    anna.locator(f".today-duties a[href='{EVENING}/office-hours']").click()
    anna.get_by_role("button", name="Bied deze plekken aan").click()  # three are ticked
    expect(anna.locator("form[action$='/withdraw']")).to_have_count(3)

    for page in (bram, dana):
        page.goto(EVENING)
        expect(page.locator(PLACES)).to_have_count(3)
    first = bram.locator(PLACES).first.get_attribute("data-place")
    bram.locator(PLACES).first.get_by_role("button").click()
    bram.wait_for_url(re.compile(r"/coffees/\w+$"))
    expect(dana.locator(f"[data-place='{first}']")).to_have_count(0)
    expect(dana.locator("#office-hours")).to_contain_text("2 plekken")

    anna.goto(f"{EVENING}/office-hours")
    anna.locator("form[action$='/withdraw'] button").first.click()
    expect(dana.locator(PLACES)).to_have_count(1)
    bram.goto(EVENING)
    expect(bram.locator("#office-hours")).to_contain_text("Je praat na met Anna")
