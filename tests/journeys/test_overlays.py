"""On a phone nothing that lies over a page hides its title, its card or what has the focus."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser_person import PHONE, signed_in
from tests.support.processes import Ontmoet

HIDDEN = """() => {
  const focused = document.activeElement;
  const bar = document.querySelector('.action-bar, .bottom-nav');
  if (focused === document.body || bar.contains(focused)) return null;
  const [box, edge] = [focused, bar].map((one) => one.getBoundingClientRect());
  return box.bottom > edge.top + 1 && box.top < edge.bottom ? focused.outerHTML : null;
}"""
LAID = """([over, under]) => {
  const [one, other] = [over, under].map((chosen) => document.querySelector(chosen).getBoundingClientRect());
  return one.height > 0 && one.bottom > other.top && one.top < other.bottom;
}"""

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def bram(browser: Browser, demo: Ontmoet) -> Iterator[Page]:
    context = browser.new_context(base_url=demo.url, locale="nl-NL", viewport=PHONE, reduced_motion="reduce")
    yield signed_in(context, "bram")
    context.close()


def open_coffee(page: Page) -> None:
    page.goto("/coffees")
    page.locator("main a[href^='/coffees/']").first.click()
    expect(page.locator("html[data-ready]")).to_have_count(1)


@pytest.mark.parametrize("path", ["/livestreams/demo-open", "/me", "/circles/bedrijvenkring-demo/members"])
def test_what_has_the_focus_is_never_under_the_bar(bram: Page, path: str) -> None:
    bram.set_viewport_size(PHONE)
    bram.goto(path)
    hidden = []
    for _press in range(30):
        bram.keyboard.press("Tab")
        hidden.append(bram.evaluate(HIDDEN))
    assert set(hidden) == {None}


def test_what_was_done_lies_over_neither_the_title_nor_the_card(bram: Page) -> None:
    bram.set_viewport_size(PHONE)
    open_coffee(bram)
    bram.locator(".action-bar button", has_text="Nu even niet").click()
    undo = bram.locator(".undo-notes [data-toast]")
    expect(undo).to_be_visible()
    assert not bram.evaluate(LAID, [".undo-notes [data-toast]", ".card-coffee"])
    undo.locator("button").click()
    expect(bram.locator("#toasts [data-toast]")).to_be_visible()
    assert not bram.evaluate(LAID, ["#toasts [data-toast]", ".card-coffee"])
