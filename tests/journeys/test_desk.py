"""The desk during an evening: it stays on its page, keeps the picture, and counts votes by itself."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from events.core.media.files import make_test_film
from tests.journeys.browser_person import DESK, PHONE, signed_in
from tests.support.processes import ROOT, Ontmoet

pytestmark = pytest.mark.journey
LIVE = "/livestreams/demo-live"


@pytest.fixture
def desk(browser: Browser, demo: Ontmoet) -> Iterator[Page]:
    """Anna's desk of what is on, with its picture loaded."""
    make_test_film(ROOT / "static" / "vendor" / "demo")
    context = browser.new_context(base_url=demo.url, locale="nl-NL", viewport=DESK)
    page = signed_in(context, "anna")
    page.goto(f"{LIVE}/desk")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(".desk-picture video")).to_be_attached()
    page.evaluate("() => { window.sameAsBefore = document.querySelector('.desk-picture video'); }")
    yield page
    context.close()


def same_picture(page: Page) -> bool:
    return bool(page.evaluate("() => window.sameAsBefore === document.querySelector('.desk-picture video')"))


def test_the_desk_keeps_its_page_and_counts_votes_by_itself(
    desk: Page, browser: Browser, demo: Ontmoet
) -> None:
    heading = desk.locator("#desk-health")
    desk.locator("form[action$='/next_item'] button").click()
    expect(desk.locator("form[action$='/next_item'] [aria-busy=true]")).to_have_count(0)
    before = heading.inner_text()
    if desk.locator("form[action$='/next_item']").count():
        desk.locator("form[action$='/next_item'] button").click()
        expect(heading).not_to_have_text(before)
    desk.locator("#desk-new-poll summary").click()
    desk.fill("#desk-new-poll [name=title]", "Wie schrijft zijn offertes zelf?")
    desk.fill("#desk-new-poll [name=options]", "Altijd\nSoms")
    desk.locator("#desk-new-poll button[type=submit]").click()
    poll = desk.locator("#desk-polls section", has_text="Wie schrijft zijn offertes zelf?")
    poll.get_by_role("button", name="Open de peiling").click()
    expect(poll).to_contain_text("0 stemmen")
    expect(desk.locator("#toasts [data-toast]")).to_have_count(1)  # not what is no longer true
    bram = signed_in(browser.new_context(base_url=demo.url, locale="nl-NL", viewport=PHONE), "bram")
    bram.goto(f"{LIVE}?tab=polls")
    bram.wait_for_selector("html[data-ready]")
    bram.locator("[data-poll]", has_text="Wie schrijft zijn offertes zelf?").locator(
        "label.poll-option"
    ).first.click()
    expect(poll).to_contain_text("1 stem")
    desk.locator("[data-dialog=switch-pause]").click()
    desk.locator("dialog form[action$='/pause'] button[type=submit]").click()
    expect(desk.locator("#desk-cover .stage-wait")).to_be_visible()
    expect(bram.locator("#stage")).to_have_attribute("data-state", "paused")
    assert same_picture(desk)
    assert not re.search("hapert", bram.locator("main").inner_text())
    desk.locator("form[action$='/resume'] button").click()
    expect(desk.locator("#desk-cover .stage-wait")).to_have_count(0)
    assert same_picture(desk)
    bram.context.close()
