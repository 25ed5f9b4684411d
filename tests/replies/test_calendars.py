"""Answers of calendar programs: the effect of the buttons, for their own person, once, whatever the order."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from events.accounts.models import User
from events.coffees import actions
from events.coffees.queries import get_coffee, seat_of
from events.coffees.signals import CoffeeConfirmed
from events.core import clock
from events.core.bus import announce
from events.core.db import unit_of_work
from events.registrations.actions import take_place
from events.registrations.queries import find_registration
from tests.cast import Cast
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.factories.notifications import Invite, invite_in, mails_to
from tests.factories.replies import calendar_reply, with_header
from tests.replies.conftest import Mailbox

Outbox = Callable[[], list[EmailMessage]]
At = Callable[[datetime | timedelta], datetime]
pytestmark = pytest.mark.postgres


def a_confirmed_coffee(cast: Cast, fresh: Outbox, *, later: datetime | None = None) -> tuple[str, Invite]:
    """Bram and Dana have a coffee, and Bram's calendar holds it."""
    with unit_of_work() as db:
        times = [later] if later is not None else []
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed", alternatives=times)
        announce(db, CoffeeConfirmed(coffee.id))
    (mail,) = mails_to(fresh(), cast.bram)
    return coffee.id, invite_in(mail)


def coffee_now(coffee_id: str, someone: User) -> tuple[str, str]:
    with unit_of_work() as db:
        coffee = get_coffee(db, coffee_id)
        return coffee.state, seat_of(coffee, someone.id).answer


def test_a_decline_in_the_calendar_calls_the_coffee_off(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    coffee_id, invite = a_confirmed_coffee(cast, fresh)
    mailbox.put(calendar_reply(invite, "DECLINED", stamp=clock.now()))
    assert mailbox.read() == ["declined"]
    assert coffee_now(coffee_id, cast.bram)[0] == "cancelled"
    sent = fresh()
    assert [invite_in(mail).method for mail in mails_to(sent, cast.dana)] == ["CANCEL"]
    assert mails_to(sent, cast.olga) == []


def test_a_decline_of_a_proposal_is_a_silent_no(cast: Cast, fresh: Outbox, mailbox: Mailbox, at: At) -> None:
    later = at(timedelta()) + timedelta(days=8)
    coffee_id, invite = a_confirmed_coffee(cast, fresh, later=later)
    with unit_of_work() as db:
        actions.choose_time(db, person(cast.dana), get_coffee(db, coffee_id), later)
    invite = Invite(**vars(invite) | {"sequence": invite.sequence + 1})
    mailbox.put(calendar_reply(invite, "DECLINED", stamp=clock.now()))
    assert mailbox.read() == ["declined"]
    assert coffee_now(coffee_id, cast.bram) == ("declined", "no")


def test_an_acceptance_says_yes_to_the_new_time(cast: Cast, fresh: Outbox, mailbox: Mailbox, at: At) -> None:
    later = at(timedelta()) + timedelta(days=8)
    coffee_id, invite = a_confirmed_coffee(cast, fresh, later=later)
    with unit_of_work() as db:
        actions.choose_time(db, person(cast.dana), get_coffee(db, coffee_id), later)
    assert coffee_now(coffee_id, cast.bram) == ("proposed", "waiting")
    mailbox.put(calendar_reply(invite, "ACCEPTED", stamp=clock.now()))
    assert mailbox.read() == ["old"]  # it was given to the former time
    assert coffee_now(coffee_id, cast.bram) == ("proposed", "waiting")
    moved = Invite(**vars(invite) | {"sequence": invite.sequence + 1})
    mailbox.put(calendar_reply(moved, "ACCEPTED", stamp=clock.now() + timedelta(seconds=1)))
    assert sorted(mailbox.read()) == ["accepted", "old"]
    assert coffee_now(coffee_id, cast.bram) == ("confirmed", "yes")
    asked, agreed = sorted(
        map(invite_in, mails_to(fresh(), cast.bram)), key=lambda one: one.status, reverse=True
    )
    assert (asked.status, asked.partstat) == ("TENTATIVE", "NEEDS-ACTION")
    assert (agreed.status, agreed.partstat) == ("CONFIRMED", "ACCEPTED")
    assert {asked.uid, agreed.uid} == {invite.uid}
    assert asked.sequence == agreed.sequence == invite.sequence + 1
    assert asked.starts_at == agreed.starts_at == later


def test_maybe_changes_nothing(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    coffee_id, invite = a_confirmed_coffee(cast, fresh)
    mailbox.put(calendar_reply(invite, "TENTATIVE", stamp=clock.now()))
    assert mailbox.read() == ["noted"]
    assert coffee_now(coffee_id, cast.bram) == ("confirmed", "yes")


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"sender": "olga@example.test"}, "stranger"),
        ({"sender": "dana@example.test"}, "stranger"),
        ({"attendee": "dana@example.test"}, "stranger"),
        ({"sender": "dana@example.test", "attendee": "dana@example.test"}, "stranger"),
        ({"sender": "nobody@elders.test", "attendee": "nobody@elders.test"}, "stranger"),
        ({"UID": "a-uid-that-we-never-gave"}, "unknown"),
        ({"SEQUENCE": "7"}, "old"),
        ({"method": "REQUEST"}, "unknown"),
        ({"method": "CANCEL"}, "unknown"),
    ],
)
def test_an_answer_changes_only_what_is_its_own(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, changes: dict[str, str], outcome: str
) -> None:
    """Bram's UID with another sender or attendee, a UID of nobody, a sequence we never sent: all nothing."""
    coffee_id, invite = a_confirmed_coffee(cast, fresh)
    mailbox.put(calendar_reply(invite, "DECLINED", stamp=clock.now(), **changes))
    assert mailbox.read() == [outcome]
    assert coffee_now(coffee_id, cast.bram) == ("confirmed", "yes")
    assert fresh() == []


def test_two_attendees_in_one_answer_are_none(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    coffee_id, invite = a_confirmed_coffee(cast, fresh)
    two = {"ATTENDEE;PARTSTAT=ACCEPTED;CN=Dana": "mailto:dana@example.test"}
    mailbox.put(calendar_reply(invite, "DECLINED", stamp=clock.now(), **two))
    assert mailbox.read() == ["unknown"]
    assert coffee_now(coffee_id, cast.bram) == ("confirmed", "yes")


def test_a_sender_that_our_mail_server_calls_forged_is_not_heard(
    cast: Cast, fresh: Outbox, mailbox: Mailbox
) -> None:
    coffee_id, invite = a_confirmed_coffee(cast, fresh)
    mail = calendar_reply(invite, "DECLINED", stamp=clock.now())
    mailbox.put(with_header(mail, "Authentication-Results", "mx.ontmoet.test; spf=fail; dmarc=fail"))
    assert mailbox.read() == ["stranger"]
    assert coffee_now(coffee_id, cast.bram) == ("confirmed", "yes")


def test_the_answer_written_last_counts_whatever_arrives_last(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, at: At
) -> None:
    """A yes that overtook an earlier no on its way: the no comes too late."""
    at(timedelta())
    coffee_id, invite = a_confirmed_coffee(cast, fresh)
    yes = calendar_reply(invite, "ACCEPTED", stamp=clock.now() + timedelta(minutes=1))
    no = calendar_reply(invite, "DECLINED", stamp=clock.now())
    mailbox.put(yes)
    assert mailbox.read() == ["accepted"]
    at(timedelta(minutes=2))
    mailbox.put(no)
    assert mailbox.read() == ["accepted", "old"]
    assert coffee_now(coffee_id, cast.bram) == ("confirmed", "yes")


def test_one_of_three_declines_and_the_others_go_on(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.chris, cast.dana], state="confirmed")
        announce(db, CoffeeConfirmed(coffee.id))
    (mail,) = mails_to(fresh(), cast.chris)
    mailbox.put(calendar_reply(invite_in(mail), "DECLINED", stamp=clock.now()))
    assert mailbox.read() == ["declined"]
    assert coffee_now(coffee.id, cast.chris) == ("confirmed", "no")
    sent = fresh()
    assert [invite_in(one).method for one in mails_to(sent, cast.chris)] == ["CANCEL"]
    assert [invite_in(one).method for one in mails_to(sent, cast.bram)] == ["REQUEST"]


def test_a_place_at_a_livestream_follows_the_calendar(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="announced")
        take_place(db, person(cast.bram), livestream)
    (mail,) = [
        one for one in mails_to(fresh(), cast.bram) if one.get_body(("calendar",)) or one.is_multipart()
    ]
    invite = invite_in(mail)
    mailbox.put(calendar_reply(invite, "DECLINED", stamp=clock.now()))
    assert mailbox.read() == ["declined"]
    assert place_of(cast.bram, livestream.id) == "withdrawn"
    (mail,) = mails_to(fresh(), cast.bram)
    assert (invite_in(mail).method, invite_in(mail).uid) == ("CANCEL", invite.uid)
    # Everyone may know the UID of a livestream: without an invitation of one's own nothing can be answered.
    for stranger in ("olga@example.test", "dana@example.test"):
        forged = calendar_reply(invite, "ACCEPTED", stamp=clock.now(), sender=stranger, attendee=stranger)
        mailbox.put(forged)
    assert mailbox.read() == ["declined", "unknown", "unknown"]
    assert place_of(cast.olga, livestream.id) is None
    assert place_of(cast.dana, livestream.id) is None


def place_of(someone: User, livestream_id: str) -> str | None:
    with unit_of_work() as db:
        found = find_registration(db, someone.id, livestream_id)
        return found.state if found is not None else None
