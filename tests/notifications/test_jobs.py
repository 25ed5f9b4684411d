"""Composition of mails: headers, language, zone, hostile names, and temporary SMTP failures."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from events.accounts.models import MailChoice, User
from events.coffees.signals import CoffeeProposed
from events.core import clock
from events.core.bus import announce
from events.core.db.session import unit_of_work
from events.core.jobs import queue
from events.core.mail.outgoing_mail import OutgoingMail
from events.livestreams.signals import LivestreamPublished
from tests.factories.accounts import make_user
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.notifications.conftest import Post
from tests.support.cast import Cast
from tests.support.mail_assertions import addresses, html_of, mails_to, text_of
from tests.support.types import Outbox, SetClock

START = datetime(2026, 12, 3, 19, 0, tzinfo=UTC)
HOSTILE = (
    'a" <evil@example.org>, "b',
    "Bram\r\nBcc: evil@example.org",
    "=?utf-8?q?evil=40example.org?=",
    "Bram, Dana; Chris",
    "évil <b>@example.org",
)


def announced(cast: Cast, title: str = "Offertes die een ja krijgen") -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, starts_at=START, title=title)
        announce(db, LivestreamPublished(livestream.id))


def changed(user: User, **values: object) -> None:
    with unit_of_work() as db:
        found = db.get_one(User, user.id)
        for name, value in values.items():
            setattr(found, name, value)


def test_every_header_that_a_mail_needs_is_there(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    announced(cast)
    (mail,) = mails_to(fresh(), cast.bram)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert str(mail["From"]) == "Bedrijvenkring Demo via Ontmoet <koffie@ontmoet.test>"
    assert str(mail["To"]) == "Bram <bram@example.test>"
    assert mail["Message-ID"].endswith("@ontmoet.test>")
    assert mail["Date"].datetime == clock.now().replace(microsecond=0)
    assert mail["List-Unsubscribe"].startswith("<http://localhost:8000/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Reply-To"] is None
    unsubscribe = mail["List-Unsubscribe"].strip("<>")
    assert unsubscribe in text_of(mail)
    assert unsubscribe in html_of(mail)


def test_a_mail_speaks_the_language_and_the_time_of_its_reader(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    changed(cast.bram, locale="nl", zone="America/New_York")
    announced(cast)
    (mail,) = mails_to(fresh(), cast.bram)
    assert mail["Subject"] == "‘Offertes die een ja krijgen’, donderdag 3 december, 14:00"
    assert "14:00–15:00" in text_of(mail)
    assert "New York" in text_of(mail)
    assert '<html lang="nl">' in html_of(mail)


def test_the_zone_is_not_named_where_it_goes_without_saying(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    announced(cast)
    assert "Amsterdam" not in text_of(mails_to(fresh(), cast.bram)[0])


def test_a_disabled_kind_of_mail_is_not_sent(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    with unit_of_work() as db:
        db.add(MailChoice(user_id=cast.bram.id, kind="livestream_announced", created_at=clock.now()))
    announced(cast)
    sent = fresh()
    assert cast.bram.email not in addresses(sent)
    assert cast.dana.email in addresses(sent)


def test_the_answer_to_an_opt_in_is_mailed_with_reminders_disabled(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        db.add(MailChoice(user_id=cast.bram.id, kind="coffee_nudge", created_at=clock.now()))
        coffee = make_coffee(db, cast.circle, (cast.bram, cast.dana))
        announce(db, CoffeeProposed(coffee.id))
    assert addresses(fresh()) == sorted([cast.bram.email, cast.dana.email])
    set_clock(timedelta(hours=25))
    assert addresses(fresh()) == [cast.dana.email]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_one_name_of_one_recipient(
    cast: Cast, fresh: Outbox, set_clock: SetClock, name: str
) -> None:
    changed(cast.bram, name=name)
    changed(cast.anna, name=name)
    announced(cast)
    for mail in fresh():
        assert len(mail["To"].addresses) == 1
        assert mail["To"].addresses[0].addr_spec.endswith("@example.test")
        assert mail["Bcc"] is None
        assert mail["Cc"] is None


@pytest.mark.parametrize("title", [*HOSTILE, "<script>alert(1)</script>"])
def test_a_hostile_title_stays_a_subject(cast: Cast, fresh: Outbox, set_clock: SetClock, title: str) -> None:
    announced(cast, title)
    (mail,) = mails_to(fresh(), cast.bram)
    assert mail["Bcc"] is None
    assert "\n" not in mail["Subject"]
    assert "<script" not in html_of(mail)
    assert text_of(mail).strip()


def test_a_mail_to_nobody_is_dropped_in_silence(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, (cast.bram, cast.dana))
        announce(db, CoffeeProposed(coffee.id))
        db.query(OutgoingMail).filter_by(person_id=cast.bram.id).update({"person_id": "gone"})
    assert addresses(fresh()) == [cast.dana.email]


def test_a_real_server_gets_one_mail_for_one_recipient(
    cast: Cast, post_office: Post, set_clock: SetClock
) -> None:
    announced(cast)
    queue.run_due()
    recipients = sorted(address for to, _content in post_office.taken for address in to)
    assert recipients == sorted(user.email for user in (cast.anna, cast.bram, cast.chris, cast.dana))


def test_a_server_that_says_later_gets_the_same_mail_again(
    cast: Cast, post_office: Post, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        stranger = make_user(db, "Émile", email="emile@example.test")
        coffee = make_coffee(db, cast.circle, (cast.bram, stranger))
        announce(db, CoffeeProposed(coffee.id))
        known = {mail.person_id: mail.message_id for mail in db.query(OutgoingMail).filter_by(sequence=1)}
    post_office.answers = ["451 later, please", "451 later, please"]
    queue.run_due()
    assert post_office.taken == []
    set_clock(timedelta(minutes=1))
    queue.run_due()
    got = [message_from_bytes(content, policy=policy.default) for _to, content in post_office.taken]
    assert sorted(mail["Message-ID"] for mail in got) == sorted(known.values())
    set_clock(timedelta(minutes=10))
    queue.run_due()
    assert len(post_office.taken) == 2
