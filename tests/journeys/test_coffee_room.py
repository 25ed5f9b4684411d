"""Two people write to each other about their coffee: on its page, and in the call."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.browser_person import with_cameras
from tests.support.processes import Ontmoet

pytestmark = pytest.mark.journey


def test_two_write_to_each_other_on_the_page_and_in_the_call(browser: Browser, demo: Ontmoet) -> None:
    with with_cameras(browser, demo, ["bram"], on_a_phone=["bram"]) as pages:
        bram = pages["bram"]
        bram.goto("/coffees")
        bram.locator("a[href*='/coffees/']:visible").first.click()
        partner = bram.get_by_role("heading", level=1).inner_text().split()[-1].lower()
        path = re.sub(r"^https?://[^/]+|[?#].*$", "", bram.url)
        with with_cameras(browser, demo, [partner], on_a_phone=[]) as others:
            both_say_yes(path, bram, others[partner])
            they_write_on_the_page(bram, others[partner])
            they_write_in_the_call(demo, path, bram, others[partner])


def both_say_yes(path: str, *pages: Page) -> None:
    for page in pages:
        page.goto(path)
        accept = page.locator("form[action$='/accept'] button:visible, button[form]:visible").first
        if accept.count():
            accept.click()
            page.wait_for_load_state()
    for page in pages:
        page.goto(path)
        expect(page.get_by_role("heading", level=2, name="Berichten")).to_be_visible()


def they_write_on_the_page(bram: Page, other: Page) -> None:
    """With the keyboard alone; a reader of the screen hears it."""
    write(bram, "Ik ben er vijf minuten later")
    expect(other.locator("#live-region")).to_contain_text("Ik ben er vijf minuten later")
    expect(lines(other)).to_have_count(1)
    expect(lines(other).last).to_contain_text("Ik ben er vijf minuten later")
    write(other, "Geen probleem")
    expect(lines(bram)).to_have_count(2)
    bram.reload()
    expect(lines(bram).last).to_contain_text("Geen probleem")


def they_write_in_the_call(demo: Ontmoet, path: str, bram: Page, other: Page) -> None:
    """What was said before stands there; what is new is marked until it was on the screen."""
    when = str(bram.locator("time[datetime]").first.get_attribute("datetime"))
    demo.travel_to(datetime.fromisoformat(when) + timedelta(minutes=1))
    for page in (bram, other):
        page.goto(f"{path}/call")
    other.locator("[data-dialog=messages]").click()
    expect(lines(other)).to_have_count(2)
    write(other, "Hoor je mij?")
    mark = bram.locator("[data-new]")
    expect(mark).to_be_visible()
    bram.locator("[data-dialog=messages]").click()
    expect(lines(bram).last).to_contain_text("Hoor je mij?")
    expect(mark).to_be_hidden()
    write(bram, "Nu wel")
    expect(lines(other).last).to_contain_text("Nu wel")
    # A screen reader hears it in the dialog; what lies behind the dialog is out of its reach.
    expect(other.locator("#messages > [role=status]")).to_contain_text("Nu wel")
    assert any("Nu wel" in words for words in spoken_of(other))
    other.locator("#messages [data-dialog-close]:visible").click()
    write(bram, "Tot zo")
    expect(other.locator("#live-region")).to_contain_text("Tot zo")
    assert any("Tot zo" in words for words in spoken_of(other))


def spoken_of(page: Page) -> list[str]:
    """Words in the live regions of the accessibility tree, as a screen reader gets it."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}

    def words(node: dict[str, Any]) -> str:
        own = node.get("name", {}).get("value", "") if node["role"]["value"] == "StaticText" else ""
        return " ".join([own, *(words(by_id[id]) for id in node.get("childIds", []) if id in by_id)])

    return [words(node) for node in nodes if not node["ignored"] and node["role"]["value"] == "status"]


def write(page: Page, words: str) -> None:
    page.locator("#chat-body").focus()
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def lines(page: Page) -> Locator:
    return page.locator("#chat-lines > li")
