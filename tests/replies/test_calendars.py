"""Answers of calendar programs: the effect of the buttons, for their own person, once, whatever the order."""

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from events.accounts.models import User
from events.coffees.actions import rescheduling
from events.coffees.queries.coffees import get_coffee, seat_of
from events.coffees.signals import CoffeeConfirmed
from events.core import clock
from events.core.bus import announce
from events.core.db.session import unit_of_work
from events.registrations.actions import add_registration
from events.registrations.queries.registrations import find_registration
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.replies.conftest import TRUSTED, Mailbox
from tests.support.cast import Cast
from tests.support.incoming_mail import calendar_reply, with_header
from tests.support.mail_assertions import Invite, has_invite, invite_in, mails_to, path_in, text_of
from tests.support.types import Outbox, SetClock

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


def test_a_decline_of_a_proposal_is_a_silent_no(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, set_clock: SetClock
) -> None:
    later = set_clock(timedelta()) + timedelta(days=8)
    coffee_id, invite = a_confirmed_coffee(cast, fresh, later=later)
    with unit_of_work() as db:
        rescheduling.choose_time(db, person(cast.dana), get_coffee(db, coffee_id), later)
    invite = Invite(**vars(invite) | {"sequence": invite.sequence + 1})
    mailbox.put(calendar_reply(invite, "DECLINED", stamp=clock.now()))
    assert mailbox.read() == ["declined"]
    assert coffee_now(coffee_id, cast.bram) == ("declined", "no")


def test_an_acceptance_says_yes_to_the_new_time(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, set_clock: SetClock
) -> None:
    later = set_clock(timedelta()) + timedelta(days=8)
    coffee_id, invite = a_confirmed_coffee(cast, fresh, later=later)
    with unit_of_work() as db:
        rescheduling.choose_time(db, person(cast.dana), get_coffee(db, coffee_id), later)
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
        ({"UID": "a-uid-that-we-never-gave"}, "unknown"),
        ({"SEQUENCE": "7"}, "old"),
        ({"method": "REQUEST"}, "unknown"),
        ({"method": "CANCEL"}, "unknown"),
    ],
)
def test_an_answer_changes_only_what_is_its_own(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, changes: dict[str, str], outcome: str
) -> None:
    """A UID of nobody, a sequence we never sent, another method: all nothing, and nobody hears of it."""
    coffee_id, invite = a_confirmed_coffee(cast, fresh)
    mailbox.put(calendar_reply(invite, "DECLINED", stamp=clock.now(), **changes))
    assert mailbox.read() == [outcome]
    assert coffee_now(coffee_id, cast.bram) == ("confirmed", "yes")
    assert fresh() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": "bram@devriesbouw.test"},
        {"sender": "assistent@devriesbouw.test", "attendee": "bram@example.test"},
        {"sender": "olga@example.test", "attendee": "olga@example.test"},
    ],
    ids=["alias", "assistant", "outsider"],
)
def test_a_decline_from_another_address_asks_its_person(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, changes: dict[str, str]
) -> None:
    """Bram may have an alias, an assistant, or have passed his invitation on: only he can say."""
    coffee_id, invite = a_confirmed_coffee(cast, fresh)
    for number in (1, 2):
        mail = calendar_reply(invite, "DECLINED", stamp=clock.now(), **changes)
        mailbox.put(with_header(mail, "Message-ID", f"<{number}@elders.test>"))
    assert mailbox.read() == ["refused", "refused"]
    assert coffee_now(coffee_id, cast.bram) == ("confirmed", "yes")
    (told,) = fresh()  # once, however often it comes
    assert mails_to([told], cast.bram)
    assert "Nothing has changed" in text_of(told)
    assert "/k/" in path_in(told, "/k/")


@pytest.mark.parametrize("stamp", ["19700101T000000Z", "gisteren"])
def test_a_placeholder_timestamp_still_declines(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, stamp: str
) -> None:
    coffee_id, invite = a_confirmed_coffee(cast, fresh)
    mailbox.put(calendar_reply(invite, "DECLINED", stamp=clock.now(), DTSTAMP=stamp))
    assert mailbox.read() == ["declined"]
    assert coffee_now(coffee_id, cast.bram)[0] == "cancelled"


def test_a_stamp_from_the_far_future_does_not_silence_later_answers(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, set_clock: SetClock
) -> None:
    set_clock(timedelta())
    coffee_id, invite = a_confirmed_coffee(cast, fresh)
    mailbox.put(calendar_reply(invite, "ACCEPTED", stamp=clock.now(), DTSTAMP="99991231T235959Z"))
    assert mailbox.read() == ["accepted"]
    set_clock(timedelta(minutes=10))
    mailbox.put(calendar_reply(invite, "DECLINED", stamp=clock.now()))
    assert mailbox.read() == ["accepted", "declined"]
    assert coffee_now(coffee_id, cast.bram)[0] == "cancelled"


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
    cast: Cast, fresh: Outbox, mailbox: Mailbox, set_clock: SetClock
) -> None:
    """A yes that overtook an earlier no on its way: the no comes too late."""
    set_clock(timedelta())
    coffee_id, invite = a_confirmed_coffee(cast, fresh)
    yes = calendar_reply(invite, "ACCEPTED", stamp=clock.now() + timedelta(minutes=1))
    no = calendar_reply(invite, "DECLINED", stamp=clock.now())
    mailbox.put(yes)
    assert mailbox.read() == ["accepted"]
    set_clock(timedelta(minutes=2))
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


def a_place(cast: Cast, fresh: Outbox) -> tuple[str, EmailMessage, Invite]:
    """Bram has a place at a livestream, and the mail that says so."""
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="announced", audience="public")
        add_registration(db, person(cast.bram), livestream)
    (mail,) = [one for one in mails_to(fresh(), cast.bram) if has_invite(one)]
    return livestream.id, mail, invite_in(mail)


def test_a_place_at_a_livestream_follows_a_calendar_that_is_proven(
    cast: Cast, fresh: Outbox, mailbox: Mailbox
) -> None:
    livestream_id, _mail, invite = a_place(cast, fresh)
    answer = calendar_reply(invite, "DECLINED", stamp=clock.now())
    mailbox.put(
        with_header(answer, "Authentication-Results", f"{TRUSTED}; dmarc=pass header.from=example.test")
    )
    assert mailbox.read() == ["declined"]
    assert place_of(cast.bram, livestream_id) == "withdrawn"
    (mail,) = mails_to(fresh(), cast.bram)
    assert (invite_in(mail).method, invite_in(mail).uid) == ("CANCEL", invite.uid)


def test_an_answer_to_the_mail_itself_is_proof_enough(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    livestream_id, mail, invite = a_place(cast, fresh)
    answer = calendar_reply(invite, "DECLINED", stamp=clock.now())
    mailbox.put(with_header(answer, "In-Reply-To", str(mail["Message-ID"])))
    assert mailbox.read() == ["declined"]
    assert place_of(cast.bram, livestream_id) == "withdrawn"


def test_a_calendar_reply_without_a_registration_has_no_effect(
    cast: Cast, fresh: Outbox, mailbox: Mailbox
) -> None:
    livestream_id, _mail, invite = a_place(cast, fresh)
    for stranger in ("olga@example.test", "dana@example.test"):
        mailbox.put(calendar_reply(invite, "ACCEPTED", stamp=clock.now(), sender=stranger, attendee=stranger))
    assert mailbox.read() == ["unknown", "unknown"]
    assert place_of(cast.olga, livestream_id) is None
    assert place_of(cast.dana, livestream_id) is None
    assert fresh() == []


@pytest.mark.parametrize(
    "results", ["", f"{TRUSTED}; dmarc=none", "mx.evil.test; dmarc=pass header.from=example.test"]
)
def test_an_unproven_calendar_answer_takes_no_place_away(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, results: str
) -> None:
    """UID and SEQUENCE stand in the public calendar, and From can be anybody's: Bram is asked."""
    livestream_id, _mail, invite = a_place(cast, fresh)
    forged = calendar_reply(invite, "DECLINED", stamp=clock.now(), DTSTAMP="99991231T235959Z")
    mailbox.put(with_header(forged, "Authentication-Results", results) if results else forged)
    assert mailbox.read() == ["refused"]
    assert place_of(cast.bram, livestream_id) == "coming"
    (told,) = fresh()
    assert mails_to([told], cast.bram)
    assert "You still have your place" in text_of(told)
    # What he answers himself counts, whatever stamp the other one had.
    own = calendar_reply(invite, "DECLINED", stamp=clock.now())
    mailbox.put(with_header(own, "Authentication-Results", f"{TRUSTED}; dmarc=pass header.from=example.test"))
    assert sorted(mailbox.read()) == ["declined", "refused"]
    assert place_of(cast.bram, livestream_id) == "withdrawn"


def test_a_calendar_answer_that_failed_dmarc_is_not_heard(
    cast: Cast, fresh: Outbox, mailbox: Mailbox
) -> None:
    livestream_id, _mail, invite = a_place(cast, fresh)
    forged = calendar_reply(invite, "DECLINED", stamp=clock.now())
    mailbox.put(with_header(forged, "Authentication-Results", f"{TRUSTED}; dmarc=(p=reject) fail"))
    assert mailbox.read() == ["stranger"]
    assert place_of(cast.bram, livestream_id) == "coming"
    assert fresh() == []


def test_a_forged_header_below_our_own_proves_nothing(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    livestream_id, _mail, invite = a_place(cast, fresh)
    raw = calendar_reply(invite, "DECLINED", stamp=clock.now()).as_bytes()
    below = f"Authentication-Results: {TRUSTED}; dmarc=pass header.from=example.test\n".encode()
    mailbox.put(f"Authentication-Results: {TRUSTED}; dmarc=none\n".encode() + below + raw)
    assert mailbox.read() == ["refused"]
    assert place_of(cast.bram, livestream_id) == "coming"


def test_without_a_trusted_name_nothing_is_proven(cast: Cast, fresh: Outbox, mailbox: Mailbox) -> None:
    livestream_id, _mail, invite = a_place(cast, fresh)
    trusting = mailbox._app.config["SETTINGS"]
    mailbox._app.config["SETTINGS"] = trusting.model_copy(update={"reply_authserv_id": ""})
    answer = calendar_reply(invite, "DECLINED", stamp=clock.now())
    mailbox.put(
        with_header(answer, "Authentication-Results", f"{TRUSTED}; dmarc=pass header.from=example.test")
    )
    assert mailbox.read() == ["refused"]
    assert place_of(cast.bram, livestream_id) == "coming"


def place_of(someone: User, livestream_id: str) -> str | None:
    with unit_of_work() as db:
        found = find_registration(db, someone.id, livestream_id)
        return found.state if found is not None else None
