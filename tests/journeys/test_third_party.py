"""Consent to a film of another site: asked before it starts, remembered, and one tap on a recording."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from events.core.sqlite_driver import sqlite
from tests.journeys.browser_person import PHONE, signed_in
from tests.support.processes import Ontmoet

LOBBY, REPLAY = "/livestreams/demo-soon", "/livestreams/demo-recorded"
OTHER_SITE = "https://www.youtube-nocookie.com"
# A player that says what it was told, as the real one answers the page around it.
PLAYER = """<!doctype html><title>player</title><body><script>
addEventListener('message', ({data}) => { const {func, args} = JSON.parse(data);
  document.body.append(func + JSON.stringify(args)); });
parent.postMessage(JSON.stringify({event: 'onReady', info: {}}), '*');
</script>"""


@pytest.fixture(scope="module")
def on_youtube(demo: Ontmoet) -> Ontmoet:
    """The demo circle with its recording on another site, and tomorrow's evening there in the lobby."""
    with closing(sqlite.connect(demo.home / "ontmoet.db", timeout=20)) as rows, rows:
        rows.execute("UPDATE recording SET provider = 'youtube', source_ref = 'aqz-KE-bpKQ'")
        rows.execute(
            "UPDATE livestream SET provider = 'youtube', source_ref = 'aqz-KE-bpKQ', state = 'lobby'"
            " WHERE slug = 'demo-soon'"
        )
    return demo


@pytest.fixture
def bram(browser: Browser, on_youtube: Ontmoet) -> Iterator[Page]:
    context = browser.new_context(base_url=on_youtube.url, locale="nl-NL", viewport=PHONE)
    yield signed_in(with_other_site(context), "bram")
    context.close()


def with_other_site(context: BrowserContext) -> BrowserContext:
    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html", body=PLAYER)

    context.route(f"{OTHER_SITE}/**", answer)
    return context


def withdraw(page: Page) -> None:
    page.goto("/me")
    with page.expect_navigation():
        page.locator("#embeds button").click()
    expect(page.locator("#embeds")).to_have_count(0)


def ready(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.locator("html[data-ready]")).to_have_count(1)


@pytest.mark.journey
def test_one_tap_plays_a_recording_from_the_chosen_second(bram: Page) -> None:
    ready(bram, REPLAY)
    expect(bram.locator("iframe")).to_have_count(0)
    bram.locator(".chapters [data-seek='40']").click()
    frame = bram.locator("iframe")
    expect(frame).to_have_attribute("src", re.compile(r"autoplay=1&start=40"))
    bram.locator(".chapters [data-seek='15']").click()
    expect(bram.frame_locator("iframe").locator("body")).to_contain_text("seekTo[15,true]")
    ready(bram, REPLAY)
    expect(bram.locator("iframe")).to_have_count(1)  # not asked again after a reload
    withdraw(bram)
    ready(bram, REPLAY)
    expect(bram.locator("[data-poster]")).to_have_count(1)


FILLED = """() => {
  const blue = document.createElement('i');
  blue.style.color = 'var(--action)';
  document.body.append(blue);
  const fill = getComputedStyle(blue).color;
  return [...document.querySelectorAll('main .btn')].filter((button) => button.checkVisibility()
    && getComputedStyle(button).backgroundColor === fill).map((button) => button.textContent.trim());
}"""


@pytest.mark.journey
def test_the_lobby_fills_one_button_also_while_it_asks_for_consent(
    bram: Page, browser: Browser, on_youtube: Ontmoet
) -> None:
    ready(bram, LOBBY)
    assert bram.evaluate(FILLED) == ["Toon het zodra het begint"]
    anna_context = browser.new_context(base_url=on_youtube.url, locale="nl-NL", viewport=PHONE)
    anna = signed_in(anna_context, "anna")
    ready(anna, LOBBY)
    assert anna.evaluate(FILLED) == ["Naar de regie"]
    anna_context.close()


@pytest.mark.journey
def test_consent_in_the_lobby_starts_the_player_when_live(
    bram: Page, browser: Browser, on_youtube: Ontmoet
) -> None:
    ready(bram, LOBBY)
    bram.locator("form.consent button").click()
    expect(bram.locator("[data-granted-words]")).to_be_visible()
    chris_context = with_other_site(browser.new_context(base_url=on_youtube.url, locale="nl-NL"))
    chris = signed_in(chris_context, "chris")
    ready(chris, LOBBY)
    anna_context = browser.new_context(base_url=on_youtube.url, locale="nl-NL")
    anna = signed_in(anna_context, "anna")
    anna.goto(f"{LOBBY}/desk")
    with anna.expect_navigation():
        anna.evaluate("document.querySelector(`form[action$='/start']`).submit()")
    expect(bram.locator("iframe")).to_have_attribute("src", re.compile("autoplay=1"))
    expect(chris.locator("[data-poster]")).to_be_visible()
    expect(chris.locator("iframe")).to_have_count(0)
    for context in (chris_context, anna_context):
        context.close()
