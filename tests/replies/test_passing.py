"""Forwarded replies: to their readers only, once, without mail addresses."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import Block
from events.chat.actions.messages import post_message
from events.chat.forms import Post
from events.chat.models import Entry
from events.chat.queries.entries import list_entries
from events.chat.queries.rooms import find_room, room_of
from events.coffees.actions import responses
from events.coffees.queries.coffees import get_coffee
from events.coffees.signals import CoffeeConfirmed, CoffeeProposed
from events.core import clock
from events.core.bus import announce
from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.registrations.actions import add_registration
from events.replies.rules.limits import MAX_PER_DAY
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.replies.conftest import Mailbox
from tests.support.cast import Cast
from tests.support.incoming_mail import OURS, calendar_reply, person_mail, with_header
from tests.support.mail_assertions import html_of, invite_in, mails_to, text_of
from tests.support.types import Outbox, SetClock

pytestmark = pytest.mark.postgres
WORDS = "Zullen we een half uur later beginnen?"


def a_coffee_mail(cast: Cast, fresh: Outbox, *, state: str = "confirmed") -> tuple[str, EmailMessage]:
    """A coffee of Bram and Dana, and the mail that Bram has about it."""
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana], state=state)
        announce(db, CoffeeConfirmed(coffee.id) if state == "confirmed" else CoffeeProposed(coffee.id))
    (mail,) = mails_to(fresh(), cast.bram)
    return coffee.id, mail


def answer_to(mail: EmailMessage, words: str = WORDS, *, sender: str = "bram@example.test") -> EmailMessage:
    """As a mail program makes it, with our mail quoted below."""
    quoted = "\n".join(f"> {line}" for line in text_of(mail).split("\n"))
    body = f"{words}\n\nOp wo 25 nov 2026 om 09:12 schreef Ontmoet <{OURS}>:\n{quoted}\n"
    return person_mail(f"Bram de Vries <{sender}>", f"Re: {mail['Subject']}", body, answers=mail)


def everything(mail: EmailMessage) -> str:
    return mail.as_string() + text_of(mail) + html_of(mail)


def bodies_in(db: Session, coffee_id: str) -> list[str]:
    """What stands in the coffee's room."""
    room = room_of(db, coffee_id)
    assert room is not None
    return [entry.body for entry in list_entries(db, room.id)]


@pytest.mark.parametrize("state", ["confirmed", "proposed"])
def test_an_answer_reaches_the_partner_without_an_address(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, state: str
) -> None:
    _coffee_id, mail = a_coffee_mail(cast, fresh, state=state)
    assert "Antwoord gewoon op deze mail" in text_of(mail) or "Just reply to this mail" in text_of(mail)
    assert str(mail["Reply-To"]) == f"Dana via Ontmoet <{OURS}>"
    mailbox.put(answer_to(mail))
    assert mailbox.read() == ["passed_on"]
    (reached,) = fresh()
    assert mails_to([reached], cast.dana)
    assert WORDS in text_of(reached)
    assert WORDS in html_of(reached)
    assert str(reached["From"]) == f"Bram via Ontmoet <{OURS}>"
    assert str(reached["Reply-To"]) == f"Bram via Ontmoet <{OURS}>"
    assert "bram@" not in everything(reached)


def test_nothing_of_the_quoted_mail_lets_the_partner_in_as_the_author(
    cast: Cast, fresh: Outbox, mailbox: Mailbox
) -> None:
    """Bram's personal link stands in the mail he quotes, and even in what he wrote himself."""
    _coffee_id, mail = a_coffee_mail(cast, fresh)
    (link,) = {word for word in text_of(mail).split() if "/k/" in word and "?" not in word}
    mailbox.put(answer_to(mail, f"Ik kwam op {link} uit."))
    mailbox.read()
    (reached,) = fresh()
    assert link.rpartition("/")[2] not in everything(reached)
    assert "Ik kwam op […] uit." in text_of(reached)


def test_the_partner_answers_back_and_so_on(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    _coffee_id, mail = a_coffee_mail(cast, fresh)
    mailbox.put(answer_to(mail))
    mailbox.read()
    (to_dana,) = fresh()
    mailbox.put(answer_to(to_dana, "Prima, tot dan.", sender="dana@example.test"))
    assert mailbox.read() == ["passed_on"] * 2
    (to_bram,) = fresh()
    assert mails_to([to_bram], cast.bram)
    assert "Prima, tot dan." in text_of(to_bram)


@pytest.mark.usefixtures("child_process")
def test_a_mail_reply_is_posted_in_the_coffee_chat(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    coffee_id, mail = a_coffee_mail(cast, fresh)
    mailbox.put(answer_to(mail), answer_to(mail, "Nog iets."))
    mailbox.read()
    with unit_of_work() as db:
        assert find_room(db, person(cast.dana), f"coffee:{coffee_id}").may_enter
        room = room_of(db, coffee_id)
        assert room is not None
        lines = db.scalars(select(Entry).where(Entry.room_id == room.id).order_by(Entry.seq)).all()
        assert [(line.author_id, line.body) for line in lines] == [
            (cast.bram.id, WORDS),
            (cast.bram.id, "Nog iets."),
        ]


def test_of_three_both_others_read_it(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.chris, cast.dana], state="confirmed")
        announce(db, CoffeeConfirmed(coffee.id))
    (mail,) = mails_to(fresh(), cast.bram)
    mailbox.put(answer_to(mail))
    mailbox.read()
    sent = fresh()
    assert len(sent) == 2
    assert mails_to(sent, cast.chris)
    assert mails_to(sent, cast.dana)


def test_a_silent_no_stays_silent(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    """Dana said no; Bram's answer to the proposal reaches nobody, and he reads that neutrally."""
    coffee_id, mail = a_coffee_mail(cast, fresh, state="proposed")
    with unit_of_work() as db:
        responses.decline_coffee(db, person(cast.dana), get_coffee(db, coffee_id))
    fresh()
    mailbox.put(answer_to(mail))
    assert mailbox.read() == ["refused"]
    (told,) = fresh()
    assert mails_to([told], cast.bram)
    assert "Dana" not in everything(told)


def test_a_forwarded_mail_does_not_let_another_sender_post(
    cast: Cast, fresh: Outbox, mailbox: Mailbox
) -> None:
    """Olga was forwarded Bram's mail. What she answers goes nowhere; Bram hears of it at his own address."""
    _coffee_id, mail = a_coffee_mail(cast, fresh)
    mailbox.put(answer_to(mail, sender="olga@example.test"))
    assert mailbox.read() == ["refused"]
    (told,) = fresh()
    assert mails_to([told], cast.bram)
    assert WORDS not in everything(told)


def test_a_blocked_person_reads_nothing_and_the_author_sees_no_difference(
    cast: Cast, fresh: Outbox, mailbox: Mailbox
) -> None:
    coffee_id, mail = a_coffee_mail(cast, fresh)
    with unit_of_work() as db:
        db.add(Block(blocker_id=cast.dana.id, blocked_id=cast.bram.id, created_at=clock.now()))
    mailbox.put(answer_to(mail))
    assert mailbox.read() == ["passed_on"]
    assert fresh() == []
    with unit_of_work() as db:
        room = room_of(db, coffee_id)
        assert room is not None  # the author's own line is there, as one typed on the page would be
        assert db.scalars(select(Entry.body).where(Entry.room_id == room.id)).all() == [WORDS]


def test_the_quoted_link_finds_the_coffee_when_a_relay_renumbered_our_mail(
    cast: Cast, fresh: Outbox, mailbox: Mailbox
) -> None:
    _coffee_id, mail = a_coffee_mail(cast, fresh)
    answer = answer_to(mail)
    for name in ("In-Reply-To", "References"):
        answer = with_header(answer, name, "<0102018f-renumbered@relay.test>")
    mailbox.put(answer)
    assert mailbox.read() == ["passed_on"]
    assert mails_to(fresh(), cast.dana)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("X-Auto-Response-Suppress", "All"),
        ("Precedence", "bulk"),
        ("List-Id", "<nieuws.elders.test>"),
        ("Return-Path", "<>"),
    ],
)
def test_what_a_program_answers_goes_nowhere(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, name: str, value: str
) -> None:
    _coffee_id, mail = a_coffee_mail(cast, fresh)
    mailbox.put(with_header(answer_to(mail), name, value))
    assert mailbox.read() == ["automatic"]
    assert fresh() == []


def test_our_own_mail_comes_back_and_goes_nowhere(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    _coffee_id, mail = a_coffee_mail(cast, fresh)
    mailbox.put(answer_to(mail, sender=OURS))
    assert mailbox.read() == ["automatic"]
    assert fresh() == []


@pytest.mark.long
def test_two_programs_that_answer_each_other_are_stopped(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    _coffee_id, mail = a_coffee_mail(cast, fresh)
    mailbox.put(*(answer_to(mail, f"Ik ben er niet. {number}") for number in range(MAX_PER_DAY + 2)))
    outcomes = mailbox.read()
    assert (outcomes.count("passed_on"), outcomes.count("refused")) == (MAX_PER_DAY, 2)
    assert len(fresh()) == MAX_PER_DAY


def test_files_stay_behind_and_html_becomes_words(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    _coffee_id, mail = a_coffee_mail(cast, fresh)
    answer = person_mail("bram@example.test", "Re:", "", answers=mail)
    answer.set_content(
        "<style>p{}</style><p>Liever <b>bellen</b>.</p><script>alert(1)</script>"
        "<blockquote>Koffie met Dana?</blockquote>",
        subtype="html",
    )
    answer.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
    mailbox.put(answer)
    assert mailbox.read() == ["passed_on"]
    (reached,) = fresh()
    assert "Liever bellen." in text_of(reached)
    assert not {"alert", "Koffie met Dana?"} & set(text_of(reached).splitlines())
    assert "plan.pdf" not in everything(reached)
    assert not list(reached.iter_attachments())


def test_another_time_from_a_calendar_reaches_the_partner_as_words(
    cast: Cast, fresh: Outbox, mailbox: Mailbox
) -> None:
    coffee_id, mail = a_coffee_mail(cast, fresh)
    invite = invite_in(mail)
    later = invite.starts_at + timedelta(days=1)
    counter = {"DTSTART": f"{later:%Y%m%dT%H%M%SZ}", "COMMENT": "Een dag later?"}
    mailbox.put(calendar_reply(invite, "TENTATIVE", stamp=clock.now(), method="COUNTER", **counter))
    assert mailbox.read() == ["passed_on"]
    (reached,) = fresh()
    assert mails_to([reached], cast.dana)
    assert "Een dag later?" in text_of(reached)
    with unit_of_work() as db:
        assert get_coffee(db, coffee_id).starts_at == invite.starts_at


def test_an_answer_about_a_livestream_reaches_the_team_and_the_team_answers(
    cast: Cast, fresh: Outbox, mailbox: Mailbox
) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="announced")
        add_registration(db, person(cast.bram), livestream)
    (mail,) = mails_to(fresh(), cast.bram)
    assert str(mail["Reply-To"]) == f"Bedrijvenkring Demo via Ontmoet <{OURS}>"
    mailbox.put(answer_to(mail, "Is er ook koffie?"))
    assert mailbox.read() == ["passed_on"]
    (to_team,) = fresh()
    assert mails_to([to_team], cast.anna)
    assert "Is er ook koffie?" in text_of(to_team)
    assert "bram@" not in everything(to_team)
    mailbox.put(answer_to(to_team, "Ja, na afloop.", sender="anna@example.test"))
    mailbox.read()
    (to_bram,) = fresh()
    assert mails_to([to_bram], cast.bram)
    assert "Ja, na afloop." in text_of(to_bram)
    assert "anna@" not in everything(to_bram)


def test_a_mail_out_of_the_blue_goes_nowhere(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    mailbox.put(person_mail("bram@example.test", "Hallo", "Is daar iemand?"))
    assert mailbox.read() == ["unknown"]
    assert fresh() == []


def test_mails_speak_of_answering_only_when_answers_are_read(
    cast: Cast, fresh: Outbox, settings: Settings
) -> None:
    assert settings.reply_imap_url is None
    _coffee_id, mail = a_coffee_mail(cast, fresh)
    assert mail["Reply-To"] is None
    assert "Antwoord gewoon" not in text_of(mail)
    assert "Just reply" not in text_of(mail)


def test_an_answer_by_mail_stands_in_the_room_and_is_not_mailed_a_second_time(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, set_clock: SetClock
) -> None:
    """Also while the coffee is only proposed, when nobody can write in the room yet."""
    coffee_id, mail = a_coffee_mail(cast, fresh, state="proposed")
    mailbox.put(answer_to(mail, "Kan het ook een half uur later?\nIk kom van ver."))
    mailbox.read()
    (reached,) = fresh()
    assert mails_to([reached], cast.dana)
    with unit_of_work() as db:
        assert bodies_in(db, coffee_id) == ["Kan het ook een half uur later? Ik kom van ver."]
    set_clock(timedelta(hours=2))
    assert fresh() == []


def test_an_answer_to_the_mail_of_a_message_lands_in_the_room(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, set_clock: SetClock
) -> None:
    coffee_id, _mail = a_coffee_mail(cast, fresh)
    with unit_of_work() as db:
        data = Post(room=f"coffee:{coffee_id}", client_id="client-0001", body="Vijf minuten later")
        post_message(db, person(cast.dana), data)
    set_clock(timedelta(minutes=6))
    (message,) = mails_to(fresh(), cast.bram)
    assert str(message["Reply-To"]) == f"Dana via Ontmoet <{OURS}>"
    mailbox.put(answer_to(message, "Geen probleem."))
    assert mailbox.read() == ["passed_on"]
    with unit_of_work() as db:
        assert bodies_in(db, coffee_id) == ["Vijf minuten later", "Geen probleem."]
