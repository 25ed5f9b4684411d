"""Two people wait in calls whose partners do not come: notice, options, and a coffee together."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser_person import with_cameras
from tests.support.processes import Ontmoet

TIMEOUT_MS = 20_000
MOVING = re.compile(r"^([5-9]|\d\d+)$")  # at least five decoded frames

pytestmark = [pytest.mark.journey, pytest.mark.long]
Three = dict[str, Page]


@pytest.fixture
def three(browser: Browser, demo: Ontmoet) -> Iterator[Three]:
    """Bram and Chris, who wait, and Dana on a phone, who does not come."""
    with with_cameras(browser, demo, ("bram", "chris", "dana"), on_a_phone={"dana"}) as pages:
        yield pages


def test_a_no_show_offers_another_time_and_another_partner(three: Three, demo: Ontmoet) -> None:
    bram, chris, dana = (three[name] for name in ("bram", "chris", "dana"))
    starts_at = (demo.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    with_dana, with_farid = arrange(demo, starts_at)
    demo.travel_to(starts_at)
    dana.goto(f"/coffees/{with_dana}")
    waits_in(bram, with_dana)
    waits_in(chris, with_farid)

    demo.travel_to(starts_at + timedelta(minutes=3))
    for page in (bram, chris):
        expect(page.locator("[data-pinged]")).to_be_visible()
        expect(page.locator("[data-offered]")).to_be_hidden()
    expect(dana.locator("[data-waiting] a")).to_have_attribute("href", re.compile(f"/coffees/{with_dana}/"))

    demo.travel_to(starts_at + timedelta(minutes=7))
    for page in (bram, chris):
        page.locator("[data-offered] button").click()
        expect(page.locator("#instead .time-tap")).to_have_count(3)
    bram.locator("#instead .time-tap").first.click()
    expect(bram.locator("#instead [data-again]")).to_contain_text("Voorgesteld")
    look_for_another(bram)
    expect(bram.locator("#instead [data-looking]")).to_be_visible()
    look_for_another(chris)
    they_are_together(bram, chris, besides={with_dana, with_farid})


def arrange(demo: Ontmoet, starts_at: datetime) -> list[str]:
    return demo.arrange("tests.journeys.fixtures", starts_at.isoformat()).split()


def waits_in(page: Page, coffee_id: str) -> None:
    page.goto(f"/coffees/{coffee_id}/call")
    page.locator("[data-join]").click()
    expect(page.locator("[data-call-state=waiting]")).to_be_attached()


def look_for_another(page: Page) -> None:
    page.locator("#instead form[action$='/rescue'] button").click()


def they_are_together(bram: Page, chris: Page, *, besides: set[str]) -> None:
    """Both pages lead to the same new call, in which each sees the other."""
    calls = set()
    for page in (bram, chris):
        page.wait_for_url(lambda url: url.endswith("/call") and not any(one in url for one in besides))
        calls.add(page.url)
        page.locator("[data-join]").click()
    assert len(calls) == 1
    for page in (bram, chris):
        video = page.locator("video[data-role=remote]")
        expect(video).to_have_attribute("data-frames", MOVING)
