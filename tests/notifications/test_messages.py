"""Mails about unread messages of a coffee: one for all that was said, only to who did not read it."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask

from events.accounts.actions.profile import block_person, switch_mail
from events.accounts.models import User
from events.chat.actions.messages import delete_message, post_message
from events.chat.forms import Delete, Post
from events.chat.rules import MAIL_AFTER, MAIL_APART
from events.coffees.models import Coffee
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.ids import new_id
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast
from tests.support.mail_assertions import html_of, mails_to, text_of
from tests.support.types import OpenPage, Outbox, SetClock

pytestmark = pytest.mark.usefixtures("app")
WAITED = MAIL_AFTER + timedelta(seconds=1)


@pytest.fixture
def coffee(cast: Cast) -> Coffee:
    """A confirmed coffee of Bram and Dana."""
    with unit_of_work() as db:
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed")


def say(coffee: Coffee, author: User, *words: str) -> None:
    for body in words:
        with unit_of_work() as db:
            data = Post(room=f"coffee:{coffee.id}", client_id=new_id(), body=body)
            post_message(db, person(author), data)


def mail_of(sent: list[EmailMessage], someone: User) -> EmailMessage:
    (mail,) = mails_to(sent, someone)
    return mail


def test_what_stays_unread_comes_in_one_mail(
    cast: Cast, coffee: Coffee, fresh: Outbox, set_clock: SetClock
) -> None:
    say(coffee, cast.bram, "Vijf minuten later!", "Sorry.")
    assert fresh() == []
    set_clock(timedelta(minutes=2))
    say(coffee, cast.bram, "Ik zoek nog een plek.")
    set_clock(WAITED)
    sent = fresh()
    mail = mail_of(sent, cast.dana)
    assert len(sent) == 1
    for part in (text_of(mail), html_of(mail)):
        positions = [
            part.rindex(words) for words in ("Vijf minuten later!", "Sorry.", "Ik zoek nog een plek.")
        ]
        assert positions == sorted(positions)
    assert "bram@" not in mail.as_string()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    set_clock(timedelta(days=1))
    assert fresh() == []


def test_what_was_read_in_time_is_not_mailed(
    cast: Cast, coffee: Coffee, fresh: Outbox, set_clock: SetClock, page: OpenPage
) -> None:
    say(coffee, cast.bram, "Zie je zo")
    page(cast.dana).get(f"/coffees/{coffee.id}")
    set_clock(WAITED)
    assert fresh() == []


def test_a_second_mail_waits_while_the_first_is_unread(
    cast: Cast, coffee: Coffee, fresh: Outbox, set_clock: SetClock
) -> None:
    say(coffee, cast.bram, "Eerste")
    set_clock(WAITED)
    assert "Eerste" in text_of(mail_of(fresh(), cast.dana))
    say(coffee, cast.bram, "Tweede")
    set_clock(WAITED)
    assert fresh() == []
    set_clock(MAIL_APART)
    second = text_of(mail_of(fresh(), cast.dana))
    assert "Tweede" in second
    assert "Eerste" not in second


def test_a_deleted_message_is_not_mailed(
    cast: Cast, coffee: Coffee, fresh: Outbox, set_clock: SetClock
) -> None:
    say(coffee, cast.bram, "Per ongeluk")
    with unit_of_work() as db:
        delete_message(db, person(cast.bram), Delete(room=f"coffee:{coffee.id}", seq=1))
    set_clock(WAITED)
    assert fresh() == []


def test_who_switched_it_off_or_blocked_gets_none_and_the_author_sees_no_difference(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.chris, cast.dana], state="confirmed")
        switch_mail(db, SYSTEM, cast.chris.id, "coffee_message", on=False)
        block_person(db, person(cast.dana), cast.bram.id)
    say(coffee, cast.bram, "Hoort iemand mij?")
    set_clock(WAITED)
    assert fresh() == []


def test_one_click_switches_off_this_kind_alone(
    cast: Cast, coffee: Coffee, fresh: Outbox, set_clock: SetClock, app: Flask
) -> None:
    say(coffee, cast.bram, "Tot morgen")
    set_clock(WAITED)
    mail = mail_of(fresh(), cast.dana)
    address = str(mail["List-Unsubscribe"]).strip("<>")
    client = app.test_client()
    assert client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    say(coffee, cast.bram, "Nog iets")
    set_clock(MAIL_APART + WAITED)
    assert fresh() == []


def test_the_link_in_the_mail_leads_to_the_messages_and_no_further(
    cast: Cast, coffee: Coffee, fresh: Outbox, set_clock: SetClock, page: OpenPage
) -> None:
    say(coffee, cast.bram, "Neem je de cijfers mee?")
    set_clock(WAITED)
    words = text_of(mail_of(fresh(), cast.dana)).split()
    (link,) = {word for word in words if "/k/" in word and "then=messages" in word}
    dana = page(None)
    opened = dana.get(link)
    assert opened.location.endswith(f"/coffees/{coffee.id}/messages")
    assert dana.get(opened.location).location == f"/coffees/{coffee.id}#messages"
    posted = dana.post(f"/coffees/{coffee.id}/messages", client_id="client-0001", body="Ja hoor")
    assert posted.status_code == 303
    assert dana.get("/coffees").status_code == 303
