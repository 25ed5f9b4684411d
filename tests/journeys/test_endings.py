"""An evening ends by itself and is taken back, and every page follows; and one that nobody started."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from events.core.media.files import make_test_film
from tests.journeys.arranging_endings import BEGINS, FORGOTTEN
from tests.journeys.browser_person import DESK, PHONE, signed_in
from tests.support.processes import ROOT, Ontmoet

pytestmark = pytest.mark.journey
EVENING = f"/livestreams/{BEGINS}"
Three = dict[str, Page]


@pytest.fixture
def three(browser: Browser, demo: Ontmoet) -> Iterator[Three]:
    """Anna hosts; Bram watches on a phone and Chris at a desk."""
    make_test_film(ROOT / "static" / "vendor" / "demo")
    contexts = {
        name: browser.new_context(
            base_url=demo.url, locale="nl-NL", viewport=PHONE if name == "bram" else DESK
        )
        for name in ("anna", "bram", "chris")
    }
    pages = {name: signed_in(context, name) for name, context in contexts.items()}
    faults: list[str] = []
    for page in pages.values():
        page.on("pageerror", lambda error: faults.append(str(error)))
    yield pages
    for context in contexts.values():
        context.close()
    assert faults == []


def test_an_evening_ends_by_itself_and_goes_back_on_air(three: Three, demo: Ontmoet) -> None:
    starts_at = demo.now().replace(microsecond=0)
    arrange(demo, starts_at.isoformat())
    it_goes_live(three)
    nobody_wraps_up(three, demo, after=timedelta(minutes=106))
    it_is_taken_back(three)
    more_time_is_taken(three["anna"])
    the_host_wraps_up(three)
    the_other_one_was_held_elsewhere(three)


def test_who_went_over_to_the_aftertalk_comes_back(browser: Browser, demo: Ontmoet) -> None:
    live = "/livestreams/demo-live"
    pages = []
    for name in ("anna", "bram"):
        context = browser.new_context(
            base_url=demo.url, locale="nl-NL", viewport=DESK, permissions=["camera", "microphone"]
        )
        pages.append(signed_in(context, name))
    anna, bram = pages
    anna.goto(f"{live}/desk")
    bram.goto(live)
    bram.wait_for_selector("html[data-ready]")
    bram.evaluate("() => document.querySelector('.aftertalk-offer form').requestSubmit()")
    expect(bram.locator(".aftertalk-offer")).to_have_attribute("data-status", "joined")
    anna.evaluate("() => document.querySelector(`form[action$='/end']`).requestSubmit()")
    bram.wait_for_url(re.compile("/nazit$"))
    anna.locator("form[action$='/undo_end'] button").click()
    bram.wait_for_url(re.compile(f"{live}$"))
    expect(bram.locator("#stage")).to_have_attribute("data-state", "live")
    for page in pages:
        page.context.close()


def arrange(demo: Ontmoet, moment: str) -> None:
    demo.arrange("tests.journeys.arranging_endings", moment)


def it_goes_live(three: Three) -> None:
    for name, page in three.items():
        page.goto(f"{EVENING}/desk" if name == "anna" else EVENING)
        page.wait_for_selector("html[data-ready]")
        page.evaluate("() => { window.sameAsBefore = true; }")
    three["anna"].locator("form[action$='/start'] button").click()
    all_are(three, "live")


def nobody_wraps_up(three: Three, demo: Ontmoet, *, after: timedelta) -> None:
    demo.travel_to(demo.now() + after)
    all_are(three, "ended")
    back = three["anna"].locator("form[action$='/undo_end']")
    expect(back).to_contain_text("vanzelf gestopt")
    expect(back.locator("[data-left]")).to_contain_text(re.compile("nog 1[45] minuten"))
    for name in ("bram", "chris"):
        expect(three[name].locator(".stage-coffee")).to_be_visible()


def it_is_taken_back(three: Three) -> None:
    three["anna"].locator("form[action$='/undo_end'] button").click()
    all_are(three, "live")
    expect(three["anna"].locator("#desk-going")).to_be_visible()
    for name in ("bram", "chris"):
        expect(three[name].locator(".stage-coffee")).to_be_hidden()
        expect(three[name].locator(".stage-picture video")).to_be_attached()
        assert three[name].evaluate("() => window.sameAsBefore"), f"{name}'s page was not loaded again"


def more_time_is_taken(anna: Page) -> None:
    """Taking it back gave half an hour; past that the desk asks again, by the clock of the browser."""
    overdue = anna.locator("form[action$='/extend']")
    expect(overdue).to_be_hidden()
    anna.evaluate("() => { document.querySelector(`form[action$='/extend']`).hidden = false; }")
    overdue.locator("button").click()
    expect(anna.locator("#toasts")).to_contain_text("half uur")


def the_host_wraps_up(three: Three) -> None:
    anna = three["anna"]
    anna.locator("[data-dialog=switch-end]").first.click()
    anna.locator("dialog form[action$='/end'] button[type=submit]").click()
    all_are(three, "ended")
    bram = three["bram"]
    expect(bram.locator(".stage-coffee .btn-main")).to_be_visible()
    bram.locator(".stage-coffee .btn-main").click()
    bram.wait_for_url(re.compile("/coffee$"))


def the_other_one_was_held_elsewhere(three: Three) -> None:
    """Its time has passed too; Anna says so from Today, with who came."""
    anna = three["anna"]
    anna.goto("/")
    anna.get_by_role("link", name=re.compile("vergeten.*doorgegaan|Zeg wat er gebeurde")).first.click()
    anna.locator("a[href$='/held']").click()
    anna.fill("[name=names]", "Bram\nChris")
    anna.locator("main form button[type=submit]").click()
    anna.wait_for_url(re.compile(f"/livestreams/{FORGOTTEN}/desk$"))
    bram = three["bram"]
    bram.goto(f"/livestreams/{FORGOTTEN}")
    expect(bram.locator("#stage")).to_have_attribute("data-state", "ended")
    expect(bram.locator(".stage-coffee .btn-main")).to_be_visible()


def all_are(three: Three, state: str) -> None:
    for page in three.values():
        expect(page.locator("#stage")).to_have_attribute("data-state", state, timeout=40_000)
