"""A call that survives: a page loaded again, a browser offline, a server killed, a second tab."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.faults.injectors import kill
from tests.journeys.browser_person import signed_in
from tests.support.processes import Ontmoet

TIMEOUT_MS = 40_000
OFFLINE = 10_000
MOVING = re.compile(r"^([5-9]|\d\d+)$")  # at least five decoded frames

pytestmark = pytest.mark.journey


@pytest.fixture
def contexts(browser: Browser, demo: Ontmoet) -> Iterator[list[BrowserContext]]:
    """Two browsers with a camera and a microphone each."""
    made = [
        browser.new_context(
            base_url=demo.url,
            locale="nl-NL",
            viewport={"width": 800, "height": 600},
            permissions=["camera", "microphone"],
        )
        for _one in range(2)
    ]
    for context in made:
        context.set_default_timeout(TIMEOUT_MS)
    yield made
    for context in made:
        context.close()


@pytest.mark.long
def test_a_call_survives_what_happens_to_calls(contexts: list[BrowserContext], demo: Ontmoet) -> None:
    bram, other, starts_at = two_in_a_call(contexts, demo)
    a_page_that_loads_again_keeps_its_seat(bram, other, demo, starts_at)
    ten_minutes_more_when_both_would(bram, other)
    a_browser_offline_loses_nothing(contexts[0], bram, other)
    a_server_that_is_killed_ends_no_call(bram, other, demo)
    a_second_tab_takes_over(contexts[0], bram, other)


def two_in_a_call(contexts: list[BrowserContext], demo: Ontmoet) -> tuple[Page, Page, datetime]:
    """Bram has a coffee waiting for an answer; both say yes, and their hour comes."""
    bram = signed_in(contexts[0], "bram")
    bram.goto("/coffees")
    bram.locator("a[href*='/coffees/']:visible").first.click()
    partner = bram.get_by_role("heading", level=1).inner_text().split()[-1].lower()
    path = re.sub(r"^https?://[^/]+|[?#].*$", "", bram.url)
    other = signed_in(contexts[1], partner)
    for page in (bram, other):
        page.goto(path)
        accept = page.locator("form[action$='/accept'] button:visible, button[form]:visible").first
        if accept.count():
            accept.click()
            page.wait_for_load_state()
    starts_at = datetime.fromisoformat(str(bram.locator("time[datetime]").first.get_attribute("datetime")))
    demo.travel_to(starts_at + timedelta(minutes=1))
    for page in (bram, other):
        page.goto(f"{path}/call")
        page.locator("[data-join]").click()
    for page in (bram, other):
        sees_the_other(page)
    return bram, other, starts_at


def a_page_that_loads_again_keeps_its_seat(
    bram: Page, other: Page, demo: Ontmoet, starts_at: datetime
) -> None:
    """Nobody has to join again; meanwhile the hour is nearly over."""
    demo.travel_to(starts_at + timedelta(minutes=26))
    for page in (bram, other):
        page.reload()
        sees_the_other(page)


def ten_minutes_more_when_both_would(bram: Page, other: Page) -> None:
    bram.locator(".call-more button").click()
    expect(other.locator("[data-more=theirs]")).to_be_visible()
    other.locator(".call-more button").click()
    for page in (bram, other):
        expect(page.locator("[data-more=agreed]")).to_be_visible()
        expect(page.locator(".call-clock")).to_contain_text("14 minuten")


def a_browser_offline_loses_nothing(context: BrowserContext, bram: Page, other: Page) -> None:
    """Its socket goes; what flows between the two goes on, and afterwards they can signal again."""
    context.set_offline(True)
    bram.wait_for_timeout(OFFLINE)
    context.set_offline(False)
    goes_on(bram, other)


def a_server_that_is_killed_ends_no_call(bram: Page, other: Page, demo: Ontmoet) -> None:
    kill(demo)
    goes_on(bram, other)
    demo.start()
    other.reload()  # signalled anew, through the process that came instead
    for page in (bram, other):
        sees_the_other(page)


def a_second_tab_takes_over(context: BrowserContext, bram: Page, other: Page) -> None:
    second = context.new_page()
    second.goto(bram.url)
    second.locator("[data-join]").click()
    sees_the_other(second)
    expect(bram.locator("[data-call-state=replaced]")).to_be_attached()
    sees_the_other(other)


def goes_on(*pages: Page) -> None:
    """Pictures that were not there a moment ago have arrived since, without a new connection."""
    for page in pages:
        video = page.locator("video[data-role=remote]")
        before = int(video.get_attribute("data-frames") or "0")
        page.wait_for_function(
            "before => Number(document.querySelector('video[data-role=remote]').dataset.frames) > before",
            arg=before,
        )
        expect(page.locator("[data-call-state=connected]")).to_be_attached()


def sees_the_other(page: Page) -> None:
    expect(page.locator("[data-call-state=connected]")).to_be_attached(timeout=TIMEOUT_MS)
    video = page.locator("video[data-role=remote]")
    expect(video).to_have_attribute("data-frames", MOVING, timeout=TIMEOUT_MS)
