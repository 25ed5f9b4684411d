"""A question beside the recording reaches the host by mail, and its answer the asker, at its moment."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from events.core.media.files import make_test_film
from tests.journeys.browser_person import DESK, PHONE, signed_in
from tests.support.processes import ROOT, Ontmoet

pytestmark = pytest.mark.journey
RECORDED = "/livestreams/demo-recorded"
QUESTION = "Wie betaalt de inwerkperiode?"
ANSWER = "De eerste maand betaalt de sectorpot."


@pytest.fixture
def both(browser: Browser, demo: Ontmoet) -> Iterator[tuple[Page, Page]]:
    """Anna, who hosted it, at a desk; Dana, who missed it, on a phone."""
    make_test_film(ROOT / "static" / "vendor" / "demo")
    contexts = [
        browser.new_context(base_url=demo.url, locale="nl-NL", viewport=size) for size in (DESK, PHONE)
    ]
    yield signed_in(contexts[0], "anna"), signed_in(contexts[1], "dana")
    for context in contexts:
        context.close()


def test_a_question_after_the_end_is_answered_by_mail(
    both: tuple[Page, Page], browser: Browser, demo: Ontmoet
) -> None:
    anna, dana = both
    dana.goto(f"{RECORDED}?t=20&tab=questions")
    dana.wait_for_selector("html[data-ready]")
    dana.fill("#question-body", QUESTION)
    dana.keyboard.press("Enter")
    expect(dana.locator("#questions-open")).to_contain_text(QUESTION)
    demo.travel_to(demo.now() + timedelta(minutes=61))
    anna.goto(link_in_mail(anna, "1 vraag wacht op antwoord", "/desk"))
    waiting = anna.locator("#queue-open li", has_text=QUESTION)
    waiting.locator("summary").click()
    waiting.locator("textarea").fill(ANSWER)
    waiting.locator("details button[type=submit]").click()
    expect(anna.locator("#queue-open")).not_to_contain_text(QUESTION)
    demo.travel_to(demo.now() + timedelta(minutes=11))
    answered = link_in_mail(anna, "Je vraag is beantwoord", "/k/")
    stranger = browser.new_context(base_url=demo.url, locale="nl-NL", viewport=PHONE)
    page = stranger.new_page()
    page.goto(answered)
    expect(page).to_have_url(re.compile(rf"{RECORDED}\?t=20$"))
    page.goto(f"{RECORDED}?tab=questions")
    page.locator("#questions-answered summary").click()
    expect(page.locator("#questions-answered")).to_contain_text(ANSWER)
    stranger.close()


def link_in_mail(page: Page, subject: str, contains: str) -> str:
    """The link of the newest mail with that subject, from the mailbox of development; waits for it."""
    found = page.locator("main a", has_text=subject)
    for _ in range(60):
        page.goto("/dev/mail")
        if found.count():
            break
        page.wait_for_timeout(500)
    page.goto(f"{found.first.get_attribute('href')}/html")
    return str(page.locator(f"a[href*='{contains}']").first.get_attribute("href"))
