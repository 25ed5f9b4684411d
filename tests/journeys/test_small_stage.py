"""The stage in small windows: conversation and composer stay in reach, live and after the end."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from events.core.sqlite_driver import sqlite
from tests.journeys.browser_person import signed_in
from tests.support.processes import Ontmoet

LIVE = "/livestreams/demo-live"
MIN_PANEL = 320  # pixels, 20rem
# Where things lie, and how much of the last line of the chat is in sight above the composer.
BOXES = """() => {
  const box = (chosen) => document.querySelector(chosen).getBoundingClientRect();
  const [picture, panel, composer] = ['.stage-picture', '.panel', '#chat-composer'].map(box);
  const info = document.querySelector('.stage-info');
  const [list, line] = [box('#chat-lines'), box('#chat-lines li:last-child')];
  return {
    picture: picture.height, beside: panel.left >= picture.right - 1, panel: panel.height,
    composer: composer.bottom, inSight: Math.min(list.bottom, line.bottom) - Math.max(list.top, line.top),
    info: info.clientHeight >= info.scrollHeight,
    line: line.height, page: document.documentElement.scrollHeight,
  };
}"""


@pytest.fixture(scope="module")
def bram(browser: Browser, demo: Ontmoet) -> Iterator[Page]:
    context = browser.new_context(base_url=demo.url, locale="nl-NL", viewport={"width": 390, "height": 844})
    yield signed_in(context, "bram")
    context.close()


def measure(page: Page, width: int, height: int) -> dict[str, float]:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(LIVE)
    expect(page.locator("html[data-ready]")).to_have_count(1)
    found: dict[str, float] = page.evaluate(BOXES)
    return found


@pytest.mark.journey
def test_the_conversation_stays_in_sight_in_small_windows(bram: Page, demo: Ontmoet) -> None:
    for width, height in ((390, 844), (390, 664), (390, 520), (390, 440), (320, 480), (844, 390), (740, 360)):
        seen = measure(bram, width, height)
        assert seen["composer"] <= height, (width, height)
        assert seen["inSight"] >= min(seen["line"], 40), (width, height)
        assert seen["picture"] >= 90, (width, height)
        assert seen["beside"] == (width > height), (width, height)
    bram.set_viewport_size({"width": 390, "height": 440})
    bram.locator("#chat-body").focus()
    typing = bram.evaluate(BOXES)
    assert typing["composer"] <= 440
    assert typing["inSight"] >= typing["line"], "while typing the last message is read in full"

    with closing(sqlite.connect(demo.home / "ontmoet.db", timeout=20)) as rows, rows:
        rows.execute(
            "UPDATE livestream SET state = 'ended', ended_at = ends_at, version = version + 1"
            " WHERE slug = 'demo-live'"
        )
    for width, height in ((390, 844), (390, 664), (390, 520), (390, 480)):
        seen = measure(bram, width, height)
        assert seen["info"], "title and invitations are not cut off"
        assert seen["panel"] >= MIN_PANEL, (width, height)
        assert seen["composer"] <= seen["page"] + 1, "the page scrolls to the composer"
    assert measure(bram, 844, 390)["beside"]
    bram.locator("#chat-body").fill("Dank je wel")
    bram.keyboard.press("Enter")
    expect(bram.locator("#chat-lines li").last).to_contain_text("Dank je wel")
