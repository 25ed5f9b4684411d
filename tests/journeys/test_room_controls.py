"""The room on a phone: a menu with words on each line, a vote in one tap, a question with one's own vote."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser_person import PHONE, signed_in
from tests.support.processes import Ontmoet

LIVE = "/livestreams/demo-live"
MIN_TARGET = 44  # pixels


@pytest.fixture
def anna(browser: Browser, demo: Ontmoet) -> Iterator[Page]:
    """She organises, so her menu has everything in it."""
    context = browser.new_context(base_url=demo.url, locale="nl-NL", viewport=PHONE, has_touch=True)
    page = signed_in(context, "anna")
    page.goto(LIVE)
    expect(page.locator("html[data-ready]")).to_have_count(1)
    yield page
    context.close()


@pytest.mark.journey
def test_the_room_is_worked_by_words_and_single_taps(anna: Page) -> None:
    line = anna.locator("#chat-lines li:not(.own)").last
    more = line.locator("[data-action=more]")
    more.tap()
    menu = line.get_by_role("menu")
    expect(menu).to_be_visible()
    items = menu.locator("[role=menuitem]:visible")
    assert items.count() >= 3
    for item in [more, *items.all()]:
        box = item.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= MIN_TARGET
    assert all(item.inner_text().strip() for item in items.all()), "words, not icons alone"
    expect(items.first).to_be_focused()
    anna.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    anna.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(more).to_be_focused()
    more.tap()
    anna.locator(".stage-info").tap(position={"x": 5, "y": 5})
    expect(menu).to_be_hidden()

    anna.locator("[data-panel=panel-questions]").tap()
    anna.locator("#question-body").fill("Hoe lang is een offerte geldig?")
    anna.keyboard.press("Enter")
    own = anna.locator("#questions-open li", has_text="Hoe lang is een offerte geldig?").locator(
        "button.vote"
    )
    expect(own).to_have_attribute("aria-pressed", "true")
    expect(own).to_contain_text("1")

    anna.locator("[data-panel=panel-polls]").tap()
    poll = anna.locator("[data-poll]").first
    poll.locator("label.poll-option").first.tap()
    expect(poll.locator(".bars li")).not_to_have_count(0)
    expect(poll.locator("label.poll-option").first).to_be_hidden()
    poll.locator("summary").tap()
    poll.locator("label.poll-option").last.tap()
    expect(poll.locator(".bars li").last.locator("[data-slot=chosen]")).to_be_visible()
    expect(poll.locator("label.poll-option").first).to_be_hidden()
