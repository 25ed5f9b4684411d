"""Bounces: the address is suppressed, the team sees it, and its owner undoes it."""

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest

from events.accounts.actions.keys import issue_key, use_key
from events.accounts.models import BouncedAddress, User
from events.accounts.queries.people import is_suppressed
from events.circles.actions.joining import invite_members
from events.circles.forms.circles import read_invitees
from events.core.auth.actor import SYSTEM, VISITOR
from events.core.db.session import unit_of_work
from events.core.mail.outbox import queue_mail
from events.registrations.actions import add_registration
from tests.factories.bounces import CASES, NUMBER
from tests.factories.circles import make_member
from tests.factories.coffees import person
from tests.factories.livestreams import make_livestream
from tests.notifications.conftest import Post, post_office
from tests.replies.conftest import Mailbox
from tests.support.cast import Cast
from tests.support.incoming_mail import person_mail
from tests.support.mail_assertions import addresses, mails_to
from tests.support.types import OpenPage, Outbox, SetClock

__all__ = ["post_office"]
pytestmark = pytest.mark.postgres


def bounce_of(
    mail: EmailMessage, status: str, *, action: str = "failed", recipient: str = "bram@example.test",
    headers_only: bool = False,
) -> bytes:  # fmt: skip
    """What a mail server sends back, as RFC 3464 asks for."""
    original = mail.as_string().partition("\n\n")[0] + "\n" if headers_only else mail.as_string()
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    return (
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.test\nTo: koffie@ontmoet.test\n"
        f"Subject: Undelivered\nMessage-ID: <{status}.{action}.{abs(hash(mail['Message-ID']))}@mx.test>\n"
        "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nIt did not work.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n\n"
        f"--b\nContent-Type: {kind}\n\n{original}\n--b--\n"
    ).encode()


def complaint_of(mail: EmailMessage) -> bytes:
    """What a provider sends when somebody presses "this is spam", as RFC 5965 asks for."""
    return (
        "From: feedback@provider.test\nTo: koffie@ontmoet.test\nSubject: FW\nMessage-ID: <arf@all.test>\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nA complaint.\n"
        "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n\n"
        f"--b\nContent-Type: message/rfc822\n\n{mail.as_string()}\n--b--\n"
    ).encode()


def a_mail_to_bram(cast: Cast, fresh: Outbox, title: str = "Avond") -> EmailMessage:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="announced", title=title)
        add_registration(db, person(cast.bram), livestream)
    found = mails_to(fresh(), cast.bram)
    return found[0] if found else EmailMessage()


def suppressed(someone: User) -> bool:
    with unit_of_work() as db:
        return is_suppressed(db, db.get_one(User, someone.id))


@pytest.mark.parametrize("headers_only", [False, True])
def test_an_address_that_is_gone_gets_no_more_mail(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, *, headers_only: bool
) -> None:
    mail = a_mail_to_bram(cast, fresh)
    mailbox.put(bounce_of(mail, "5.1.1", headers_only=headers_only))
    assert mailbox.read() == ["returned"]
    assert suppressed(cast.bram)
    assert not suppressed(cast.chris)
    assert not a_mail_to_bram(cast, fresh, "Later")["To"]


@pytest.mark.parametrize("status", ["5.2.2", "5.7.1", "4.2.2"])
def test_a_full_mailbox_counts_the_third_time(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, status: str
) -> None:
    for number in (1, 2, 3):
        assert not suppressed(cast.bram)
        mail = a_mail_to_bram(cast, fresh, f"Avond {number}")
        mailbox.put(bounce_of(mail, status))
        mailbox.read()
    assert suppressed(cast.bram)


def test_a_mailbox_that_was_full_long_ago_starts_anew(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, set_clock: SetClock
) -> None:
    set_clock(timedelta())
    for number in (1, 2, 3):
        mailbox.put(bounce_of(a_mail_to_bram(cast, fresh, f"Avond {number}"), "5.2.2"))
        mailbox.read()
        set_clock(timedelta(days=31))
    assert not suppressed(cast.bram)


def test_a_delay_is_no_return(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    mailbox.put(bounce_of(a_mail_to_bram(cast, fresh), "4.4.7", action="delayed"))
    assert mailbox.read() == ["noted"]
    with unit_of_work() as db:
        assert db.get(BouncedAddress, cast.bram.id) is None


def test_a_complaint_counts_at_once(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    mailbox.put(complaint_of(a_mail_to_bram(cast, fresh)))
    assert mailbox.read() == ["complaint"]
    assert suppressed(cast.bram)


def test_a_report_about_a_mail_we_never_sent_silences_nobody(
    cast: Cast, fresh: Outbox, mailbox: Mailbox
) -> None:
    invented = person_mail("koffie@ontmoet.test", "Koffie?", "Ja.")
    mailbox.put(bounce_of(invented, "5.1.1"), complaint_of(invented))
    assert mailbox.read() == ["unknown", "unknown"]
    assert not suppressed(cast.bram)


def test_a_mailbox_further_on_that_is_gone_does_not_count_at_once(
    cast: Cast, fresh: Outbox, mailbox: Mailbox
) -> None:
    mailbox.put(bounce_of(a_mail_to_bram(cast, fresh), "5.1.1", recipient="bram@thuis.test"))
    assert mailbox.read() == ["returned"]
    assert not suppressed(cast.bram)


def test_what_somebody_just_asked_for_goes_out_and_using_it_undoes_all(
    cast: Cast, fresh: Outbox, mailbox: Mailbox
) -> None:
    mailbox.put(bounce_of(a_mail_to_bram(cast, fresh), "5.1.1"))
    mailbox.read()
    with unit_of_work() as db:
        key = issue_key(db, SYSTEM, cast.bram.id, "sign_in")
        queue_mail(db, "sign_in_link", cast.bram.id, key.id)
    assert addresses(fresh()) == [cast.bram.email]
    with unit_of_work() as db:
        use_key(db, VISITOR, key)
    assert not suppressed(cast.bram)
    assert a_mail_to_bram(cast, fresh, "Later")["To"]


def test_a_corrected_address_is_written_to(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    mailbox.put(bounce_of(a_mail_to_bram(cast, fresh), "5.1.1"))
    mailbox.read()
    with unit_of_work() as db:
        db.get_one(User, cast.bram.id).email = "bram@goed.test"
    assert not suppressed(cast.bram)


def test_the_team_sees_what_came_back_and_lets_it_be_tried_again(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, page: OpenPage
) -> None:
    with unit_of_work() as db:
        invitees = read_invitees("Eva <eva@example.test>")
        invite_members(db, person(cast.anna), cast.circle, invitees)
    (invitation,) = fresh()
    mailbox.put(bounce_of(invitation, "5.1.1", recipient="eva@example.test"))
    mailbox.put(complaint_of(a_mail_to_bram(cast, fresh)))
    mailbox.read()
    members = f"/circles/{cast.circle.slug}/members"
    assert "eva@example.test" not in page(cast.anna).get(members).text  # only of members the team hears it
    with unit_of_work() as db:
        eva = db.query(User).filter_by(email="eva@example.test").one()
        make_member(db, cast.circle, eva)
    shown = page(cast.anna).get(members).text
    assert re.search(r"2 (addresses came back|adressen kwamen terug)", shown)
    assert "eva@example.test" in shown
    for other in (cast.bram, cast.olga):
        assert "eva@example.test" not in page(other).get(members).text
    (eva_id,) = re.findall(r"/members/(\w+)/try-again", shown)  # and not Bram, who complained
    assert page(cast.chris).post(f"{members}/{eva_id}/try-again").status_code == 404
    assert page(cast.anna).post(f"{members}/{cast.bram.id}/try-again").status_code == 404
    assert page(cast.anna).post(f"{members}/{eva_id}/try-again").status_code == 303
    assert "eva@example.test" not in page(cast.anna).get(members).text


@pytest.mark.parametrize(
    ("answer", "counted"),
    [("550 5.1.1 No such user", True), ("550 Nobody here", True), ("550 5.2.2 Full", False)],
)
def test_an_smtp_refusal_counts_like_a_bounce_mail(
    cast: Cast, fresh: Outbox, post_office: Post, answer: str, *, counted: bool
) -> None:
    post_office.refusals.append(answer)
    a_mail_to_bram(cast, fresh)
    assert suppressed(cast.bram) == counted
    with unit_of_work() as db:
        assert db.get(BouncedAddress, cast.bram.id) is not None


def test_a_refusal_for_now_is_tried_again(
    cast: Cast, fresh: Outbox, post_office: Post, set_clock: SetClock
) -> None:
    set_clock(timedelta())
    post_office.refusals.append("450 4.2.0 Greylisted")
    a_mail_to_bram(cast, fresh)
    assert post_office.taken == []
    set_clock(timedelta(minutes=5))
    fresh()
    assert [to for to, _content in post_office.taken] == [[cast.bram.email]]


def test_a_bounce_in_words_from_nobody_counts_and_is_never_answered(
    cast: Cast, fresh: Outbox, mailbox: Mailbox
) -> None:
    """qmail writes no delivery-status; a bounce without a number of ours changes nothing either."""
    number = str(a_mail_to_bram(cast, fresh)["Message-ID"])
    words = next(case.raw for case in CASES if case.name == "qmail unknown").replace(
        b"MAILER-DAEMON@mx.test", b"<>"
    )
    mailbox.put(words.replace(NUMBER.encode(), number.encode()), words.replace(b"bounce.1", b"bounce.2"))
    assert mailbox.read() == ["returned", "unknown"]
    assert suppressed(cast.bram)
    assert fresh() == []
