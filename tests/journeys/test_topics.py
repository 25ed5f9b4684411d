"""A yes from a mail, with an ask and an offer, in five presses; both are kept in the profile."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser_person import PHONE, Person, signed_in
from tests.journeys.conftest import Postbox
from tests.journeys.counting import Hands
from tests.support.cluster import alone
from tests.support.processes import Ontmoet

pytestmark = pytest.mark.journey
CIRCLE = "/circles/bedrijvenkring-demo"
MAX_PRESSES = 5


@pytest.fixture(scope="module")
def demo(
    tmp_path_factory: pytest.TempPathFactory, postbox: tuple[Postbox, str]
) -> Iterator[tuple[Ontmoet, Postbox]]:
    home = tmp_path_factory.mktemp("topics")
    with alone(home, MAIL_URL=postbox[1], MAIL_PER_MINUTE="6000") as running:
        yield running, postbox[0]


def test_a_yes_from_a_mail_carries_an_ask_and_an_offer(
    browser: Browser, demo: tuple[Ontmoet, Postbox]
) -> None:
    ontmoet, postbox = demo
    tomorrow = ontmoet.now() + timedelta(days=1)
    ontmoet.travel_to(tomorrow.replace(hour=9, minute=0))  # at night the mail that asks waits for the morning
    contexts = [browser.new_context(base_url=ontmoet.url, locale="nl-NL", viewport=PHONE) for _ in range(3)]
    anna = Person("Anna", signed_in(contexts[0], "anna"), postbox, ontmoet)
    anna.page.goto(f"{CIRCLE}/rounds/new")
    anna.send_form("/rounds/new")
    reader = Person("Gijs", contexts[1].new_page(), postbox, ontmoet)
    reader.email, hands = "gijs@demo.test", Hands(reader.page)

    hands.press_in(reader.mail(r"Koffie in .*\? Kies een tijd"), "Ja, koffie")
    page = reader.page
    if page.locator("input[name=times]:checked").count() == 0:
        hands.touch(page.locator("label.time:visible").first)
    ask = page.locator("#field-asks .chip:not(:has(:checked))").first
    offer = page.locator("#field-offers .chip:not(:has(:checked))").first
    words = ask.inner_text(), offer.inner_text()
    hands.touch(page.locator("#field-asks .chip", has_text=words[0]))
    hands.touch(page.locator("#field-offers .chip", has_text=words[1]))
    hands.press("Ja, koffie")
    assert hands.presses <= MAX_PRESSES, hands.presses
    expect(page).to_have_url(re.compile(r"/rounds/[a-z0-9]+/coffee"))
    expect(page.get_by_text("Je hebt ja gezegd")).to_be_visible()

    joined = page.url.split("?")[0]
    page.goto(f"{CIRCLE}/me")
    assert "/sign-in" in page.url  # the key opens no profile
    own = signed_in(contexts[2], "gijs")
    own.goto(f"{CIRCLE}/me")
    asks = own.locator("#field-asks .chip:has(:checked)").count()
    for side, word in zip(("asks", "offers"), words, strict=True):
        expect(own.locator(f"#field-{side} .chip:has(:checked)", has_text=word)).to_be_visible()

    own.goto(f"{joined}?change=1")
    by_keyboard(own)
    own.goto(f"{CIRCLE}/me")
    expect(own.locator("#field-asks .chip:has(:checked)")).to_have_count(asks + 2)
    assert anna.faults == reader.faults == []
    for context in contexts:
        context.close()


def by_keyboard(page: Page) -> None:
    """A known topic becomes a chip, another one stays text; both are sent by Enter."""
    expect(page.locator("html[data-ready]")).to_have_count(1)
    known = page.locator("#topic-names option").evaluate_all("all => all.map((one) => one.value)")
    shown = page.locator("#field-asks .chip").all_inner_texts()
    word = next(word for word in known if word not in shown)
    page.locator("details:has([name=more_asks]) summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(f"{word.upper()}, Zeilen")
    page.keyboard.press("Tab")
    expect(page.locator("#field-asks .chip:has(:checked)", has_text=word)).to_be_visible()
    expect(page.locator("[name=more_asks]")).to_have_value("Zeilen")
    with page.expect_navigation():
        page.locator("[name=more_asks]").press("Enter")
