"""An imported member plays the story from mails alone: no account, no password, no sign-in form, ever."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from imap_tools import MailBoxUnencrypted
from playwright.sync_api import Frame, expect

from events.core.media.files import make_test_film
from tests.journeys.browser_person import Person
from tests.journeys.conftest import Postbox
from tests.journeys.test_story import (
    TITLE,
    a_livestream_is_published,
    afterwards_they_answer,
    an_outsider_reads_how_to_come_and_nothing_more,
    every_page_ends_with_one_button,
    register_from_the_mail,
    say_yes,
    the_entry_is_in_the_calendar,
    the_round_closes,
    they_meet,
)
from tests.support.incoming_mail import calendar_reply, person_mail
from tests.support.mail_assertions import Invite, invite_in
from tests.support.processes import ROOT, Ontmoet, imap

pytestmark = pytest.mark.journey
People = dict[str, Person]
LIST = "Naam;E-mail;Bedrijf\nBram;bram@example.test;De Vries Bouw\nDana;dana@example.test;\nFout;geen-adres"
SIGN_IN = re.compile(r"/sign-(in|up)\b")


@pytest.fixture(scope="module")
def imap_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with imap(tmp_path_factory.mktemp("imap"), "--no-tls") as port:
        yield port


@pytest.fixture(scope="module")
def ontmoet(
    tmp_path_factory: pytest.TempPathFactory, postbox: tuple[Postbox, str], imap_port: int
) -> Iterator[Ontmoet]:
    """The product with an empty database, sending real mail and reading a real mailbox."""
    running = Ontmoet(
        tmp_path_factory.mktemp("ontmoet"),
        MAIL_URL=postbox[1],
        REPLY_IMAP_URL=f"imap://koffie:bonen@127.0.0.1:{imap_port}",
    )
    running.flask("upgrade")
    running.start()
    yield running
    running.end()


@pytest.mark.long
def test_an_imported_member_from_welcome_mail_to_coffee(
    people: People, ontmoet: Ontmoet, imap_port: int
) -> None:
    make_test_film(ROOT / "static" / "vendor" / "demo")
    anna, bram, dana, olga = (people[name] for name in ("Anna", "Bram", "Dana", "Olga"))
    bram.page.set_viewport_size({"width": 360, "height": 740})
    pages = [watch_pages(person) for person in (bram, dana)]
    circle = a_list_is_imported(anna)
    for person in (bram, dana):
        come_in_by_the_welcome_mail(person)
    path = a_livestream_is_published(anna, circle, ontmoet)
    register_from_the_mail(bram)
    the_entry_is_in_the_calendar(bram)
    an_outsider_reads_how_to_come_and_nothing_more(olga, path)
    they_watch_and_chat(anna, bram, dana, path, ontmoet)
    every_page_ends_with_one_button(anna, [bram, dana], path)
    assert say_yes(bram, path) <= 6
    say_yes(dana, path)
    the_round_closes(anna, path)
    invite = both_say_yes(bram, dana)
    asked = another_time_is_asked(dana, bram)
    assert asked.uid == invite.uid
    start = accept_in_the_calendar(bram, dana, asked, imap_port, ontmoet)
    write_back(dana, bram, imap_port, ontmoet)
    reopen(bram, dana)
    they_meet(bram, dana, start, ontmoet)
    afterwards_they_answer(bram, dana)
    for visited in pages:
        assert visited
        assert [url for url in visited if SIGN_IN.search(url)] == []
    the_key_opens_no_more_than_it_should(bram, circle)


def watch_pages(person: Person) -> list[str]:
    """Every address that this browser shows from now on."""
    visited: list[str] = []

    def note(frame: Frame) -> None:
        if frame.parent_frame is None:
            visited.append(frame.url)

    person.page.on("framenavigated", note)
    return visited


def a_list_is_imported(anna: Person) -> str:
    """Anna makes an account and a circle, pastes a list, sees what is wrong in it, and sends the rest."""
    anna.page.goto("/sign-up")
    anna.page.fill("[name=name]", "Anna")
    anna.page.fill("[name=email]", anna.email)
    anna.send_form("/sign-up")
    anna.open_mail("evestig")
    anna.send_form("/k/")
    anna.page.goto("/circles/new")
    anna.page.fill("[name=name]", "Bedrijvenkring Demo")
    anna.send_form("/circles/new")
    circle = re.search(r"/circles/([a-z0-9-]+)", anna.page.url)
    assert circle is not None
    anna.page.goto(f"/circles/{circle[1]}/import")
    anna.page.fill("[name=people]", LIST)
    anna.send_form("/import")
    expect(anna.page.get_by_text("De Vries Bouw").first).to_be_visible()
    expect(anna.page.get_by_text("Regel 4")).to_be_visible()
    anna.page.get_by_role("button", name=re.compile("2 uitnodigingen")).click()
    expect(anna.page.get_by_text("2 mensen krijgen een welkomstmail")).to_be_visible()
    expect(anna.page.locator("[name=people]")).to_have_value("Naam, E-mail, Bedrijf\nFout, geen-adres")
    return circle[1]


def come_in_by_the_welcome_mail(person: Person) -> None:
    """One press; from here on they come by their mails only."""
    person.open_mail("Bedrijvenkring Demo")
    person.send_form("/k/")
    expect(person.page).to_have_url(re.compile("/welcome"))
    person.page.context.clear_cookies()


def they_watch_and_chat(anna: Person, bram: Person, dana: Person, path: str, ontmoet: Ontmoet) -> None:
    dana.open_mail(TITLE)
    bram.page.goto(path)
    ontmoet.travel_to(ontmoet.now() + timedelta(hours=1, minutes=50))
    anna.page.goto(f"{path}/desk")
    anna.send_form("/start")
    for person in (bram, dana):
        person.mark_page()
        expect(person.page.locator("[data-state=live]").first).to_be_attached(timeout=20_000)
        expect(person.page.locator("video").first).to_be_visible()
    bram.page.fill("#chat-field, .composer [name=body]", "Noem je een prijs?")
    bram.page.keyboard.press("Enter")
    for person in (bram, dana):
        expect(person.page.locator("#chat-lines").get_by_text("Noem je een prijs?")).to_have_count(1)


def both_say_yes(bram: Person, dana: Person) -> Invite:
    """Each from the mail, with one press; Bram's calendar then holds it."""
    for person in (bram, dana):
        person.page.context.clear_cookies()
        person.open_mail(r"^ ?Koffie met")
        expect(person.page.get_by_role("heading", level=1)).to_contain_text("Koffie met")
        person.send_form("/accept")
    invite = invite_in(bram.mail("staat vast|vast", with_calendar=True))
    assert (invite.method, invite.partstat, invite.status) == ("REQUEST", "ACCEPTED", "CONFIRMED")
    return invite


def another_time_is_asked(dana: Person, bram: Person) -> Invite:
    """Dana takes another of the common times; Bram's calendar is asked for it."""
    dana.page.reload()
    form = dana.page.locator("form[action$='/move']").first
    form.locator("input[name=time]").first.evaluate("radio => { radio.checked = true; }")
    with dana.page.expect_navigation():
        form.evaluate("form => form.submit()")
    asked = invite_in(bram.mail("ander moment", with_calendar=True))
    assert (asked.method, asked.partstat, asked.status) == ("REQUEST", "NEEDS-ACTION", "TENTATIVE")
    return asked


def accept_in_the_calendar(
    bram: Person, dana: Person, asked: Invite, imap_port: int, ontmoet: Ontmoet
) -> datetime:
    """Bram presses "accept" in his calendar, which writes a mail; that is all."""
    before = len(mails_with_calendar(dana))
    deliver(imap_port, calendar_reply(asked, "ACCEPTED", stamp=ontmoet.now()).as_bytes())
    ontmoet.travel_to(ontmoet.now() + timedelta(minutes=2))
    dana.wait_until(lambda: len(mails_with_calendar(dana)) > before)
    for person in (bram, dana):
        person.wait_until(
            lambda person=person: invite_in(person.mail("", with_calendar=True)).status == "CONFIRMED"  # type: ignore[misc]  # bound now
        )
        agreed = invite_in(person.mail(r"", with_calendar=True))
        assert (agreed.partstat, agreed.status) == ("ACCEPTED", "CONFIRMED")
        assert agreed.starts_at == asked.starts_at
    return asked.starts_at


def write_back(dana: Person, bram: Person, imap_port: int, ontmoet: Ontmoet) -> None:
    """Dana presses "reply" to the mail; Bram reads it, without her address."""
    mail = dana.mail("", with_calendar=True)
    answer = person_mail(dana.email, "Re: koffie", "Ik neem de offerte mee.", answers=mail)
    deliver(imap_port, answer.as_bytes())
    ontmoet.travel_to(ontmoet.now() + timedelta(minutes=2))
    reached = bram.mail("Dana schreef je")
    assert "Ik neem de offerte mee." in reached.as_string()
    assert dana.email not in reached.as_string()


def reopen(*everyone: Person) -> None:
    """On the day each opens the coffee from the newest mail again."""
    for person in everyone:
        person.page.context.clear_cookies()
        person.open_mail(r"offee|offie")
        expect(person.page).to_have_url(re.compile("/coffees/"))


def the_key_opens_no_more_than_it_should(bram: Person, circle: str) -> None:
    """The links of his mails made Bram welcome here and there; they never show who else is in the circle."""
    bram.faults.clear()
    for path in (f"/circles/{circle}/members", f"/circles/{circle}/import", "/me", "/me/mails"):
        bram.page.goto(path)
        expect(bram.page).to_have_url(SIGN_IN)


def mails_with_calendar(person: Person) -> list[str]:
    return [
        str(mail["Message-ID"])
        for mail in person.received()
        if any(part.get_content_type() == "text/calendar" for part in mail.walk())
    ]


def deliver(imap_port: int, raw: bytes) -> None:
    """A mail arrives in the mailbox of the product."""
    with MailBoxUnencrypted("127.0.0.1", imap_port).login("koffie", "bonen") as box:
        box.append(raw, "INBOX")
