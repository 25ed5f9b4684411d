"""Anna writes to who registered, tests it, sends it; Bram reads it, and his answer reaches the team."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser_person import DESK, PHONE, signed_in
from tests.journeys.conftest import Postbox
from tests.journeys.counting import Hands
from tests.journeys.test_imported_member import deliver, imap_port
from tests.support.cluster import alone
from tests.support.incoming_mail import person_mail
from tests.support.mail_assertions import text_of
from tests.support.processes import Ontmoet

__all__ = ["imap_port"]

pytestmark = pytest.mark.journey
ANNOUNCED, SOON = "/livestreams/demo-open", "/livestreams/demo-soon"
ANSWER = "Ik vraag naar de kosten."


@pytest.fixture
def demo(
    tmp_path_factory: pytest.TempPathFactory, postbox: tuple[Postbox, str], imap_port: int
) -> Iterator[Ontmoet]:
    """The demo circle, sending real mail and reading a real mailbox."""
    replies = f"imap://koffie:bonen@127.0.0.1:{imap_port}"
    home = tmp_path_factory.mktemp("demo")
    with alone(home, MAIL_URL=postbox[1], REPLY_IMAP_URL=replies) as running:
        yield running


def test_a_message_is_tested_sent_read_and_answered(
    browser: Browser, demo: Ontmoet, postbox: tuple[Postbox, str], imap_port: int
) -> None:
    phone = browser.new_context(base_url=demo.url, locale="nl-NL", viewport=PHONE)
    bram = signed_in(phone, "bram")
    bram.goto(ANNOUNCED)
    Hands(bram).press("Aanmelden")
    desk = browser.new_context(base_url=demo.url, locale="nl-NL", viewport=DESK)
    anna = signed_in(desk, "anna")
    hands = Hands(anna)
    anna.goto(f"{ANNOUNCED}/desk")
    hands.press("Schrijf een bericht")
    hands.press("Neem een vraag mee")
    hands.press("Bekijk het als mail")
    inside = anna.frame_locator(".preview-wide iframe")
    expect(inside.locator("body")).to_contain_text("Anna, namens het team van Bedrijvenkring Demo")
    hands.press("Stuur mezelf een test")
    test = arrived(anna, postbox[0], "anna@demo.test", "Test: Neem een vraag mee")
    assert "zonder je naam" in text_of(test)
    assert found(postbox[0], "bram@demo.test", "Neem een vraag mee") == []
    hands.press("Verstuur aan ")
    hands.touch(anna.locator("dialog[open] button[type=submit]"))
    expect(anna.locator("h1")).to_have_text("Verstuurd")
    assert (hands.presses, hands.fields) == (6, 0)
    demo.travel_to(demo.now() + timedelta(hours=34))  # the morning after the next: one mail a day, by day
    mail = arrived(anna, postbox[0], "bram@demo.test", "Neem een vraag mee")
    phone.clear_cookies()
    bram.goto(re.findall(r"https?://\S+/k/\S+", text_of(mail))[0])
    expect(bram).to_have_url(re.compile(f"{ANNOUNCED}$"))
    answer = person_mail("bram@demo.test", f"Re: {mail['Subject']}", ANSWER, answers=mail)
    deliver(imap_port, answer.as_bytes())
    demo.travel_to(demo.now() + timedelta(minutes=2))
    reached = arrived(anna, postbox[0], "anna@demo.test", "Bram")
    assert ANSWER in text_of(reached)
    assert "bram@" not in reached.as_string()
    for context in (desk, phone):
        context.close()


def found(postbox: Postbox, address: str, subject: str) -> list[EmailMessage]:
    return [mail for mail in postbox.to(address) if subject in str(mail["Subject"])]


def arrived(page: Page, postbox: Postbox, address: str, subject: str) -> EmailMessage:
    """The newest mail with that subject; waits for it."""
    for _ in range(200):
        mails = found(postbox, address, subject)
        if mails:
            return mails[-1]
        page.wait_for_timeout(100)
    raise AssertionError([str(mail["Subject"]) for mail in postbox.to(address)])


@pytest.mark.long
def test_the_lobby_reads_a_word_and_a_new_time_without_a_load(browser: Browser, demo: Ontmoet) -> None:
    sizes = {"anna": DESK, "bram": PHONE}
    contexts = {
        name: browser.new_context(base_url=demo.url, locale="nl-NL", viewport=size)
        for name, size in sizes.items()
    }
    anna, bram = (signed_in(context, name) for name, context in contexts.items())
    bram.goto(SOON)
    starts_at = datetime.fromisoformat(str(bram.locator("[data-starts]").first.get_attribute("data-starts")))
    demo.travel_to(starts_at - timedelta(minutes=12))
    for _ in range(60):
        bram.goto(SOON)
        if bram.locator("#stage[data-state=lobby]").count():
            break
        bram.wait_for_timeout(500)
    bram.wait_for_selector("html[data-ready]")
    bram.evaluate("() => { window.sameAsBefore = true; }")
    anna.goto(f"{SOON}/desk")
    hands = Hands(anna)
    hands.press("Bericht aan de inloop")
    hands.fill("Wat de inloop leest", "De gast zit in de file.")
    hands.press("Zet het erop")
    expect(bram.locator(".lobby-note")).to_have_text("De gast zit in de file.")
    hands.press("Tien minuten later")
    hands.touch(anna.locator("dialog[open] button[type=submit]"))
    expect(bram.locator(".lobby-note")).to_contain_text("We beginnen tien minuten later")
    expect(bram.locator(".lobby [data-words]")).to_contain_text("2")
    assert bram.evaluate("() => window.sameAsBefore === true")
    assert (hands.presses, hands.fields) == (4, 1)
    for context in contexts.values():
        context.close()
