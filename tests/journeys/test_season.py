"""A season of evenings by one organiser: a series, one moved, one cancelled, one with a waiting list."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser_person import DESK, PHONE, signed_in
from tests.support.processes import Ontmoet

pytestmark = pytest.mark.journey
Everyone = dict[str, Page]


@pytest.fixture
def everyone(browser: Browser, demo: Ontmoet) -> Iterator[Everyone]:
    """By day, since no place is offered at night; Dana has a phone."""
    demo.travel_to((demo.now() + timedelta(days=1)).replace(hour=10, minute=30))
    names = ("anna", "bram", "chris", "dana")
    contexts = [
        browser.new_context(base_url=demo.url, locale="nl-NL", viewport=PHONE if name == "dana" else DESK)
        for name in names
    ]
    pages = {name: signed_in(context, name) for name, context in zip(names, contexts, strict=True)}
    faults: list[str] = []
    for page in pages.values():
        page.on("pageerror", lambda error: faults.append(str(error)))
    yield pages
    for context in contexts:
        context.close()
    assert faults == []


def test_a_season_of_three_evenings(everyone: Everyone) -> None:
    anna = everyone["anna"]
    evening = an_evening_becomes_a_series(anna)
    one_is_moved(anna)
    one_is_cancelled(anna)
    a_place_goes_to_the_first_in_line(everyone, evening)


def an_evening_becomes_a_series(anna: Page) -> str:
    """The path of the first evening, which has one place and is announced."""
    anna.goto("/circles/bedrijvenkring-demo/livestreams/new")
    anna.fill("[name=title]", "Ondernemersavond")
    anna.locator("summary", has_text="Meer opties").click()
    anna.fill("[name=capacity]", "1")
    anna.get_by_role("button", name="Bewaar als concept").click()
    anna.wait_for_url(re.compile("/desk$"))
    evening = anna.url.removesuffix("/desk")
    anna.get_by_role("link", name="Maak er een reeks van").click()
    anna.locator("label.chip", has_text="om de week").click()
    anna.fill("[name=count]", "3")
    anna.get_by_role("button", name="Maak de reeks").click()
    expect(anna.get_by_role("heading", level=1)).to_have_text("Een reeks van 3 avonden")
    expect(anna.locator("main li .badge").first).to_have_text("Aangekondigd")
    expect(anna.get_by_text("Aangekondigd op")).to_have_count(2)
    return evening


def one_is_moved(anna: Page) -> None:
    anna.locator("main li h3 a").nth(1).click()
    anna.locator("a.switch[href$='/edit']").click()
    anna.fill("[name=hour]", "17:00")
    anna.get_by_role("button", name="Bewaar").click()
    anna.wait_for_url(re.compile("/desk$"))
    anna.get_by_role("link", name="De reeks").click()
    expect(anna.locator("main li").nth(1)).to_contain_text("17:00")
    expect(anna.locator("main li").nth(1)).to_contain_text("Verzet")


def one_is_cancelled(anna: Page) -> None:
    series = anna.url
    anna.locator("main li h3 a").nth(2).click()
    anna.locator("[data-dialog=switch-cancel]").click()
    anna.locator("form[action$='/cancel'] button").click()
    anna.goto(series)
    expect(anna.get_by_role("heading", level=1)).to_have_text("Een reeks van 2 avonden")
    expect(anna.locator("main li").nth(2)).to_contain_text("Gaat niet door")


def a_place_goes_to_the_first_in_line(everyone: Everyone, evening: str) -> None:
    bram, chris, dana = everyone["bram"], everyone["chris"], everyone["dana"]
    bram.goto(evening)
    bram.get_by_role("button", name="Aanmelden").locator("visible=true").click()
    for page in (chris, dana):
        page.goto(evening)
        page.get_by_role("button", name="Zet me op de wachtlijst").locator("visible=true").click()
        expect(page.get_by_text("Op de wachtlijst").locator("visible=true").first).to_be_visible()
    bram.locator("form[action$='/withdraw'] button").locator("visible=true").click()
    chris.goto(evening)
    expect(chris.get_by_text("We houden een plek voor je vrij").locator("visible=true")).to_be_visible()
    anna = everyone["anna"]
    anna.goto(f"{evening}/waiting-list")
    expect(anna.locator("tbody tr").first).to_contain_text("Aangeboden, tot")
    expect(anna.locator("tbody tr").nth(1)).to_contain_text("Dana")
    chris.get_by_role("button", name="Ja, ik kom").locator("visible=true").click()
    expect(chris.get_by_text("Je bent erbij").locator("visible=true").first).to_be_visible()
    dana.reload()
    expect(dana.get_by_text("Op de wachtlijst").locator("visible=true").first).to_be_visible()
