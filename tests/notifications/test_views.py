"""Switching mail off from the mail itself, and the mailbox of development."""

from datetime import UTC, datetime
from email.message import EmailMessage
from urllib.parse import urlsplit

from flask import Flask
from pydantic import SecretStr

from events.accounts.queries.people import list_declined_mails, secret_of, wants_mail
from events.accounts.rules import COFFEE_KINDS, MAIL_KINDS
from events.coffees.signals import CoffeeProposed
from events.core.bus import announce
from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.livestreams.signals import LivestreamPublished
from events.notifications.queries.kinds import KINDS
from events.notifications.views import KIND_WORDS
from events.registrations.actions import add_registration
from events.registrations.signals import RegistrationAdded
from tests.factories.accounts import make_key
from tests.factories.coffees import make_coffee
from tests.factories.coffees import person as as_person
from tests.factories.livestreams import make_livestream
from tests.factories.registrations import make_registration
from tests.support.cast import Cast
from tests.support.mail_assertions import html_of, mails_to, text_of
from tests.support.types import OpenPage, Outbox, SetClock

START = datetime(2026, 12, 3, 19, 0, tzinfo=UTC)


def unsubscribe_path(cast: Cast, fresh: Outbox) -> str:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, starts_at=START)
        announce(db, LivestreamPublished(livestream.id))
    (mail,) = mails_to(fresh(), cast.bram)
    return urlsplit(str(mail["List-Unsubscribe"]).strip("<>")).path


def test_looking_at_the_page_changes_nothing(
    cast: Cast, fresh: Outbox, set_clock: SetClock, page: OpenPage
) -> None:
    path = unsubscribe_path(cast, fresh)
    shown = page(None).get(path)
    assert shown.status_code == 200
    assert "No more mails about new livestreams?" in shown.text
    with unit_of_work() as db:
        assert wants_mail(db, cast.bram.id, "livestream_announced")


def test_one_press_of_a_mail_program_suffices_and_twice_is_once(
    cast: Cast, fresh: Outbox, set_clock: SetClock, app: Flask
) -> None:
    path = unsubscribe_path(cast, fresh)
    for _press in range(2):
        answer = app.test_client().post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    with unit_of_work() as db:
        assert not wants_mail(db, cast.bram.id, "livestream_announced")
        assert wants_mail(db, cast.bram.id, "coffee_day")
        assert wants_mail(db, cast.dana.id, "livestream_announced")


def test_another_key_switches_nothing_off(cast: Cast, set_clock: SetClock, page: OpenPage) -> None:
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "livestream", "livestream_announced")
        right = secret_of(key)
    for secret in (right, f"{key.id}{'a' * 32}", "nothing"):
        assert page(cast.bram).get(f"/unsubscribe/{secret}").status_code == 404
        assert page(cast.bram).post(f"/unsubscribe/{secret}").status_code == 404


def one_in_mailbox(cast: Cast, fresh: Outbox) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, starts_at=START)
        announce(db, RegistrationAdded(make_registration(db, livestream, cast.bram).id))
    assert len(fresh()) == 1


def test_the_mailbox_shows_a_mail_with_links_html_and_calendar_file(
    cast: Cast, fresh: Outbox, set_clock: SetClock, page: OpenPage, settings: Settings
) -> None:
    one_in_mailbox(cast, fresh)
    visitor = page(None)
    assert "You&#39;re coming to ‘Offertes die een ja krijgen’" in visitor.get("/dev/mail").text
    (file,) = settings.mail_directory.glob("*.eml")
    shown = visitor.get(f"/dev/mail/{file.stem}").text
    assert 'href="http://localhost:8000/k/' in shown
    assert "Auto-Submitted" in shown
    html = visitor.get(f"/dev/mail/{file.stem}/html")
    assert html.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert visitor.get(f"/dev/mail/{file.stem}/invite.ics").data.startswith(b"BEGIN:VCALENDAR")


def test_a_name_from_outside_reads_no_other_file(cast: Cast, set_clock: SetClock, page: OpenPage) -> None:
    for name in ("..%2f..%2fontmoet", "nothing", "a" * 200, "%00"):
        assert page(cast.bram).get(f"/dev/mail/{name}").status_code == 404


def test_there_is_no_mailbox_in_production(
    cast: Cast, fresh: Outbox, set_clock: SetClock, page: OpenPage, app: Flask, settings: Settings
) -> None:
    one_in_mailbox(cast, fresh)
    real = {"public_url": "https://ontmoet.example", "secret_key": SecretStr("x" * 40)}
    app.config["SETTINGS"] = settings.model_copy(update=real)
    try:
        assert page(cast.bram).get("/dev/mail").status_code == 404
    finally:
        app.config["SETTINGS"] = settings


def test_a_mail_without_a_switch_of_its_own_leads_to_all_of_them(
    app: Flask, cast: Cast, fresh: Outbox
) -> None:
    """One press in the mail program, and what can be switched off is off; what was agreed still comes."""
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="announced")
        add_registration(db, as_person(cast.bram), livestream)
    (mail,) = mails_to(fresh(), cast.bram)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = urlsplit(str(mail["List-Unsubscribe"]).strip("<>")).path
    assert path not in text_of(mail)
    assert app.test_client().get(path).status_code == 200
    with unit_of_work() as db:
        assert list_declined_mails(db, cast.bram.id) == set()
    assert app.test_client().post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with unit_of_work() as db:
        assert list_declined_mails(db, cast.bram.id) == set(MAIL_KINDS)
        assert list_declined_mails(db, cast.chris.id) == set()


def proposal_to_bram(cast: Cast, fresh: Outbox) -> EmailMessage:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, (cast.bram, cast.olga), starts_at=START, round_id="r" * 26)
        announce(db, CoffeeProposed(coffee.id))
    sent = fresh()
    assert "Take a break" not in text_of(mails_to(sent, cast.olga)[0])  # no member: nothing to pause
    return mails_to(sent, cast.bram)[0]


def test_a_proposal_shows_how_to_take_a_break_and_how_to_get_less(
    cast: Cast, fresh: Outbox, set_clock: SetClock, page: OpenPage
) -> None:
    mail = proposal_to_bram(cast, fresh)
    path = urlsplit(str(mail["List-Unsubscribe"]).strip("<>")).path
    pause = f"/circles/{cast.circle.slug}/coffee/pause"
    for said in (text_of(mail), html_of(mail)):
        assert "No coffees for a while? Take a break" in said
        assert "Fewer mails about coffees" in said
        assert pause in said
        assert path in said
    assert page(cast.bram).get(pause).status_code == 200


def test_a_coffee_mail_asks_about_coffees_first_and_about_everything_second(
    app: Flask, cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    path = urlsplit(str(proposal_to_bram(cast, fresh)["List-Unsubscribe"]).strip("<>")).path
    shown = app.test_client().get(path).text
    assert shown.index("No more extra mails about coffees?") < shown.index("No optional mails at all")
    app.test_client().post(path, data={"List-Unsubscribe": "One-Click"})
    with unit_of_work() as db:
        assert list_declined_mails(db, cast.bram.id) == set(COFFEE_KINDS)
        assert list_declined_mails(db, cast.olga.id) == set()
    app.test_client().post(path, data={"kinds": "every"})
    with unit_of_work() as db:
        assert list_declined_mails(db, cast.bram.id) == set(MAIL_KINDS)


def test_every_switch_has_words_and_only_links_just_asked_for_have_none() -> None:
    assert {name for name, kind in KINDS.items() if kind.asked} == {
        "confirm_address", "sign_in_link", "guest_link",
    }  # fmt: skip
    switches = {kind.switch for kind in KINDS.values() if kind.switch is not None}
    assert switches <= set(MAIL_KINDS) <= set(KIND_WORDS)
