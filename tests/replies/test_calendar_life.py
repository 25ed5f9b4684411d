"""The whole life of an entry, by ordinary actions, real mails and answers, read by three readers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from events.accounts.models import User
from events.coffees.actions import rescheduling, responses, venue
from events.coffees.queries.coffees import get_coffee
from events.coffees.signals import CoffeeConfirmed
from events.core import clock
from events.core.bus import announce
from events.core.db.session import unit_of_work
from events.livestreams.actions.planning import edit_livestream
from events.livestreams.actions.transitions import cancel_livestream
from events.livestreams.forms import CancelLivestream, LivestreamForm
from events.livestreams.queries.livestreams import get_livestream
from events.registrations.actions import add_registration
from tests.core.test_itip import libical_faults, read_back
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.replies.conftest import TRUSTED, Mailbox
from tests.support.cast import Cast
from tests.support.incoming_mail import OURS, calendar_reply, with_header
from tests.support.mail_assertions import Invite, has_invite, html_of, invite_in, mails_to, text_of
from tests.support.types import Outbox, SetClock

Step = Callable[["Stage"], None]


@dataclass
class Stage:
    """What the steps of a life work on. `reader` is whose calendar is looked at."""

    cast: Cast
    mailbox: Mailbox
    coffee_id: str = ""
    livestream_id: str = ""
    last: Invite | None = None
    later: datetime | None = None

    def coffee(self, do: Callable[..., object], who: User, *more: object) -> None:
        with unit_of_work() as db:
            do(db, person(who), get_coffee(db, self.coffee_id), *more)

    def answer(self, partstat: str) -> None:
        """The reader's calendar program answers the newest entry it was sent."""
        assert self.last is not None
        answer = calendar_reply(self.last, partstat, stamp=clock.now())
        proof = f"{TRUSTED}; dmarc=pass header.from=example.test"
        self.mailbox.put(with_header(answer, "Authentication-Results", proof))
        self.mailbox.read()


def a_pair(stage: Stage, form: str = "online") -> None:
    stage.later = clock.now() + timedelta(days=8)
    with unit_of_work() as db:
        people = [stage.cast.bram, stage.cast.dana]
        coffee = make_coffee(
            db, stage.cast.circle, people, state="confirmed", form=form, alternatives=[stage.later]
        )
        announce(db, CoffeeConfirmed(coffee.id))
    stage.coffee_id = coffee.id


def on_location(stage: Stage) -> None:
    a_pair(stage, "location")


def a_trio(stage: Stage) -> None:
    with unit_of_work() as db:
        people = [stage.cast.bram, stage.cast.chris, stage.cast.dana]
        coffee = make_coffee(db, stage.cast.circle, people, state="confirmed")
        announce(db, CoffeeConfirmed(coffee.id))
    stage.coffee_id = coffee.id


def a_place(stage: Stage) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, stage.cast.circle, stage.cast.anna, state="announced")
        add_registration(db, person(stage.cast.bram), livestream)
    stage.livestream_id = livestream.id


def a_place_again(stage: Stage) -> None:
    with unit_of_work() as db:
        add_registration(db, person(stage.cast.bram), get_livestream(db, stage.livestream_id))


def another_day(stage: Stage) -> None:
    with unit_of_work() as db:
        livestream = get_livestream(db, stage.livestream_id)
        day = (livestream.starts_at + timedelta(days=3)).date()
        data = LivestreamForm(title=livestream.title, day=day, hour=livestream.starts_at.time(), minutes=60)
        edit_livestream(db, person(stage.cast.anna), livestream, data)


def called_off(stage: Stage) -> None:
    with unit_of_work() as db:
        livestream = get_livestream(db, stage.livestream_id)
        cancel_livestream(db, person(stage.cast.anna), livestream, CancelLivestream())


AGREED = ("REQUEST", "CONFIRMED", "ACCEPTED", 0)
TOLD = ("REQUEST", "CONFIRMED", "ACCEPTED", 1)
ASKED = ("REQUEST", "TENTATIVE", "NEEDS-ACTION", 1)
OFF = ("CANCEL", "CANCELLED", "ACCEPTED", 1)
# What happens, and what Bram's calendar is sent then: METHOD, STATUS, PARTSTAT, and how much SEQUENCE rose.
LIVES: dict[str, list[tuple[Step, str, str, str, int]]] = {
    "moved, accepted by a reply, called off by the other": [
        (a_pair, *AGREED),
        (lambda on: on.coffee(rescheduling.choose_time, on.cast.dana, on.later), *ASKED),
        (lambda on: on.answer("ACCEPTED"), *AGREED),
        (lambda on: on.coffee(responses.cancel_coffee, on.cast.dana), *OFF),
    ],
    "moved, declined by a reply": [
        (a_pair, *AGREED),
        (lambda on: on.coffee(rescheduling.choose_time, on.cast.dana, on.later), *ASKED),
        (lambda on: on.answer("DECLINED"), "CANCEL", "CANCELLED", "NEEDS-ACTION", 1),
    ],
    "called off by a reply": [
        (a_pair, *AGREED),
        (lambda on: on.answer("DECLINED"), *OFF),
    ],
    "a place, and another place": [
        (on_location, *AGREED),
        (lambda on: on.coffee(venue.choose_place, on.cast.dana, "De Zwaan"), *TOLD),
        (lambda on: on.coffee(venue.choose_place, on.cast.dana, "De Kade"), *ASKED),
        (lambda on: on.answer("ACCEPTED"), *AGREED),
    ],
    "one of three leaves": [
        (a_trio, *AGREED),
        (lambda on: on.coffee(responses.cancel_coffee, on.cast.chris), *AGREED),
    ],
    "is the one of three who leaves": [
        (a_trio, *AGREED),
        (lambda on: on.answer("DECLINED"), "CANCEL", "CANCELLED", "NEEDS-ACTION", 1),
    ],
    "a livestream: moved, declined by a reply, taken again, cancelled": [
        (a_place, *AGREED),
        (another_day, "REQUEST", "CONFIRMED", "ACCEPTED", 1),
        (lambda on: on.answer("DECLINED"), "CANCEL", "CANCELLED", "NEEDS-ACTION", 1),
        (a_place_again, "REQUEST", "CONFIRMED", "ACCEPTED", 1),
        (called_off, *OFF),
    ],
}  # fmt: skip


@pytest.mark.parametrize("life", LIVES)
def test_the_life_of_an_entry(
    life: str, cast: Cast, fresh: Outbox, mailbox: Mailbox, set_clock: SetClock
) -> None:
    set_clock(timedelta())
    stage = Stage(cast, mailbox)
    uids, sequence, stamps = set(), 0, [""]
    for number, (step, method, status, partstat, rises) in enumerate(LIVES[life]):
        set_clock(timedelta(minutes=2))
        step(stage)
        (mail,) = [one for one in mails_to(fresh(), cast.bram) if has_invite(one)]
        stage.last = invite = invite_in(mail)  # one file, twice the same, METHOD in header and body
        sequence += rises
        seen = (invite.method, invite.status, invite.partstat, invite.sequence)
        assert seen == (method, status, partstat, sequence), f"step {number}"
        uids.add(invite.uid)
        file = calendar_in(mail)
        stamps.append(read_file(file, invite))
        assert "@" not in addresses_beside(mail, file, cast)
    assert len(uids) == 1
    assert stamps == sorted(set(stamps)), "DTSTAMP is that of its own message"


def calendar_in(mail: EmailMessage) -> bytes:
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


def read_file(file: bytes, invite: Invite) -> str:
    """What ical.js makes of it is the same; all in UTC, one organiser, one attendee. Gives its DTSTAMP."""
    read = read_back(file)
    (entry,) = read["entries"]
    assert (read["method"], entry["uid"], entry["sequence"]) == (invite.method, invite.uid, invite.sequence)
    assert (entry["status"], entry["organizer"]) == (invite.status, f"mailto:{OURS}")
    assert [one[:2] for one in entry["attendees"]] == [["mailto:bram@example.test", invite.partstat]]
    assert entry["start"].endswith("Z")
    assert entry["end"].endswith("Z")
    assert b"TZID" not in file
    lines = file.decode().split("\r\n")
    once = ("SEQUENCE:", "DTSTAMP:", "UID:")
    assert [sum(line.startswith(name) for line in lines) for name in once] == [1, 1, 1]
    assert libical_faults(file) in {0, None}
    return next(line for line in lines if line.startswith("DTSTAMP:"))


def addresses_beside(mail: EmailMessage, file: bytes, cast: Cast) -> str:
    """Addresses of the others anywhere in the mail or its file; there are none."""
    whole = file.decode().replace("\r\n ", "") + mail.as_string() + text_of(mail) + html_of(mail)
    others = (cast.anna, cast.chris, cast.dana, cast.olga)
    return " ".join(one.email for one in others if one.email in whole)


def test_a_wrong_answer_would_be_seen(
    cast: Cast, fresh: Outbox, mailbox: Mailbox, set_clock: SetClock
) -> None:
    """The reader of files is no rubber stamp: another address, zone or number in it does not pass."""
    set_clock(timedelta())
    a_pair(Stage(cast, mailbox))
    (mail,) = mails_to(fresh(), cast.bram)
    file, invite = calendar_in(mail), invite_in(mail)
    spoilt = (
        (b"SEQUENCE:0", b"SEQUENCE:1"), (b"METHOD:REQUEST", b"METHOD:CANCEL"),
        (b"DTSTART:", b"DTSTART;TZID=X:"),
        (b"mailto:bram@", b"mailto:dana@"), (b"STATUS:CONFIRMED", b"STATUS:TENTATIVE"),
    )  # fmt: skip
    for right, wrong in spoilt:
        assert right in file
        with pytest.raises(AssertionError):
            read_file(file.replace(right, wrong), invite)
