"""Mails about coffees: proposal, nudge, agreement, change and end, to the people concerned only."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from events.accounts.models import MailChoice, User
from events.coffees.actions.outcomes import record_outcome
from events.coffees.actions.proposals import propose_coffee
from events.coffees.actions.rescheduling import choose_time
from events.coffees.actions.responses import (
    accept_coffee,
    cancel_coffee,
    confirm_agreed,
    decline_coffee,
    expire_coffee,
)
from events.coffees.actions.venue import choose_place
from events.coffees.forms import Outcome, Participant, Proposal
from events.coffees.models import Coffee
from events.coffees.signals import CoffeeConfirmed, CoffeeProposed
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.bus import announce
from events.core.db.session import unit_of_work
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.factories.rounds import make_round, make_yes
from tests.support.cast import Cast
from tests.support.mail_assertions import (
    addresses,
    has_invite,
    html_of,
    invite_in,
    mails_to,
    path_in,
    text_of,
)
from tests.support.types import OpenPage, Outbox, SetClock

START = datetime(2026, 12, 4, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)
REASONS = ({"code": "offers", "topic": "hiring"}, {"code": "asks", "topic": "quotes"})


@pytest.fixture
def coffee(cast: Cast, set_clock: SetClock) -> Coffee:
    """Bram and Dana are proposed a coffee, which nobody answered yet."""
    with unit_of_work() as db:
        proposed = make_coffee(
            db,
            cast.circle,
            (cast.bram, cast.dana),
            starts_at=START,
            alternatives=[LATER],
            reasons=REASONS,
            on_my_mind="My first employee starts in January.",
            round_id="r" * 26,
        )
        announce(db, CoffeeProposed(proposed.id))
        return proposed


@pytest.fixture
def agreed(cast: Cast, coffee: Coffee, fresh: Outbox) -> Coffee:
    """Both said yes; what was mailed so far is read."""
    fresh()
    for user in (cast.bram, cast.dana):
        with unit_of_work() as db:
            accept_coffee(db, person(user), db.get_one(Coffee, coffee.id))
    fresh()
    return coffee


def test_a_proposal_mail_shows_partner_reasons_time_and_deadline(
    cast: Cast, coffee: Coffee, fresh: Outbox
) -> None:
    sent = fresh()
    assert addresses(sent) == sorted([cast.bram.email, cast.dana.email])
    (mail,) = mails_to(sent, cast.bram)
    assert mail["Subject"] == "Coffee with Dana, Friday 4 December?"
    text = text_of(mail)
    for words in (
        "Dana for you",
        "You're looking for help with hiring. Dana would gladly help.",
        "You for Dana",
        "Dana is looking for help with quotes. You would gladly help.",
        "‘My first employee starts in January.’",
        "Friday 4 December, 10:30–11:00",
        "Online, in your browser.",
        "Answer by Wednesday 25 November, 10:00.",
    ):
        assert words in text
        # In the page of the mail the hours are kept on one line.
        page = html_of(mail).replace('<span style="white-space:nowrap;">', "")
        assert words in page.replace("&#39;", "'")
    for button in ("Yes, please", "Another time", "Not right now"):
        assert f">{button}</a>" in html_of(mail)
    assert not has_invite(mail)
    assert "reply" not in text.lower()
    assert mail["Reply-To"] is None


def test_of_two_others_a_mail_speaks_in_the_plural(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    with unit_of_work() as db:
        three = make_coffee(db, cast.circle, (cast.bram, cast.chris, cast.dana), starts_at=START)
        announce(db, CoffeeProposed(three.id))
    sent = fresh()
    assert "Chris and Dana only hear that it isn't happening." in text_of(mails_to(sent, cast.bram)[0])


def propose_instead(cast: Cast, *willing: User) -> Coffee:
    """A coffee of a later wave, to those of Bram and Dana who are `willing` without being asked."""
    people = [
        Participant(user.id, REASONS if user is cast.bram else (), accepts_replacement=user in willing)
        for user in (cast.bram, cast.dana)
    ]
    proposal = Proposal(
        cast.circle.id, START, clock.now() + timedelta(days=2), people, round_id="r" * 26
    )  # fmt: skip
    with unit_of_work() as db:
        coffee = propose_coffee(db, SYSTEM, proposal)
        if len(willing) == len(people):
            confirm_agreed(db, SYSTEM, coffee)
        return coffee


def test_a_person_accepting_a_replacement_reads_the_new_partner(
    cast: Cast, set_clock: SetClock, fresh: Outbox, page: OpenPage
) -> None:
    coffee = propose_instead(cast, cast.bram)
    sent = fresh()
    (mail,) = mails_to(sent, cast.bram)
    assert mail["Subject"] == "Someone else for your coffee: Dana, Friday 4 December"
    for words in (
        "So we're asking Dana.",
        "Dana is looking for help with quotes.",
        "There's nothing you need to do.",
    ):
        assert words in text_of(mail)
    (asked,) = mails_to(sent, cast.dana)
    assert asked["Subject"] == "Coffee with Bram, Friday 4 December?"
    opened = page(None).get(path_in(mail, "/k/"), follow_redirects=True)
    assert "Your coffee before this one isn't happening" in unescape(opened.text)
    with unit_of_work() as db:
        accept_coffee(db, person(cast.dana), db.get_one(Coffee, coffee.id))
    agreed = {mail["To"]: text_of(mail) for mail in fresh()}
    assert [("to before isn't happening" in text) for text in agreed.values()] == [
        cast.bram.email in to for to in agreed
    ]


def test_two_accepted_replacements_are_notified_once(cast: Cast, set_clock: SetClock, fresh: Outbox) -> None:
    propose_instead(cast, cast.bram, cast.dana)
    for mail in (sent := fresh()):
        assert mail["Subject"].startswith("It's set: coffee with ")
        assert "you said that another of the round is welcome too" in text_of(mail)
        assert has_invite(mail)
    assert addresses(sent) == sorted([cast.bram.email, cast.dana.email])


def test_opening_the_link_answers_nothing(cast: Cast, coffee: Coffee, fresh: Outbox, page: OpenPage) -> None:
    (mail,) = mails_to(fresh(), cast.bram)
    browser = page(None)
    opened = browser.get(path_in(mail, "/k/"))
    assert opened.location.endswith(f"/coffees/{coffee.id}?answer=yes")
    html = browser.get(opened.location).text
    assert "You tapped ‘Yes, please’. One more tap:" in html
    assert "/decline" not in html
    refusal = browser.get(opened.location.replace("=yes", "=no")).text
    assert "You tapped ‘Not right now’. One more tap:" in refusal
    assert "/accept" not in refusal
    assert "One more tap" not in browser.get(f"/coffees/{coffee.id}?answer=maybe").text
    assert mail["From"].startswith(f"{cast.circle.name} via Ontmoet <") or cast.circle.name in mail["From"]
    with unit_of_work() as db:
        assert {seat.answer for seat in db.get_one(Coffee, coffee.id).seats} == {"waiting"}


def test_one_reminder_is_sent_a_day_before_to_those_without_an_answer(
    cast: Cast, coffee: Coffee, fresh: Outbox, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        accept_coffee(db, person(cast.bram), db.get_one(Coffee, coffee.id))
    fresh()
    set_clock(timedelta(hours=24))
    nudges = fresh()
    assert addresses(nudges) == [cast.dana.email]
    assert nudges[0]["Subject"] == "Coffee with Bram is held for you until tomorrow 10:00"
    set_clock(timedelta(hours=12))
    assert fresh() == []


def test_a_single_acceptance_notifies_no_one(cast: Cast, coffee: Coffee, fresh: Outbox) -> None:
    fresh()
    with unit_of_work() as db:
        accept_coffee(db, person(cast.bram), db.get_one(Coffee, coffee.id))
    assert fresh() == []


def test_a_confirmed_coffee_is_in_both_calendars_without_the_others_address(
    cast: Cast, coffee: Coffee, fresh: Outbox
) -> None:
    fresh()
    for user in (cast.bram, cast.dana):
        with unit_of_work() as db:
            accept_coffee(db, person(user), db.get_one(Coffee, coffee.id))
    sent = fresh()
    assert addresses(sent) == sorted([cast.bram.email, cast.dana.email])
    seen = set()
    for me, other in ((cast.bram, cast.dana), (cast.dana, cast.bram)):
        (mail,) = mails_to(sent, me)
        invite = invite_in(mail)
        seat = next(seat for seat in coffee.seats if seat.user_id == me.id)
        assert (invite.method, invite.sequence, invite.uid) == ("REQUEST", 0, seat.calendar_uid)
        assert (invite.attendee, invite.partstat) == (f"mailto:{me.email}", "ACCEPTED")
        assert invite.starts_at == START
        assert other.email not in mail.as_string()
        assert mail["Subject"] == f"It's set: coffee with {other.name}, Friday 4 December, 10:30"
        seen.add(invite.uid)
    assert len(seen) == 2


def test_another_time_asks_the_other_and_the_agreement_moves_the_calendar(
    cast: Cast, agreed: Coffee, fresh: Outbox
) -> None:
    fresh()
    with unit_of_work() as db:
        choose_time(db, person(cast.bram), db.get_one(Coffee, agreed.id), LATER)
    asked = fresh()
    assert addresses(asked) == [cast.dana.email]
    assert asked[0]["Subject"] == "Bram asks for another time: Mon 7 Dec, 10:30"
    assert "The time that was set is off" in text_of(asked[0])
    assert "Bram would rather have this common time." in text_of(asked[0])
    with unit_of_work() as db:
        accept_coffee(db, person(cast.dana), db.get_one(Coffee, agreed.id))
    moved = fresh()
    assert addresses(moved) == sorted([cast.bram.email, cast.dana.email])
    told = [invite_in(mail) for mail in moved]
    assert {(one.method, one.sequence) for one in told} == {("REQUEST", 1)}
    assert {one.uid for one in told} == {seat.calendar_uid for seat in agreed.seats}
    assert moved[0]["Subject"].startswith("Moved: coffee with")


def test_calling_off_takes_it_out_of_both_calendars(cast: Cast, agreed: Coffee, fresh: Outbox) -> None:
    fresh()
    with unit_of_work() as db:
        cancel_coffee(db, person(cast.bram), db.get_one(Coffee, agreed.id))
    sent = fresh()
    assert addresses(sent) == sorted([cast.bram.email, cast.dana.email])
    for mail in sent:
        invite = invite_in(mail)
        assert (invite.method, invite.sequence, invite.status) == ("CANCEL", 1, "CANCELLED")
    assert "Bram called this coffee off." in text_of(mails_to(sent, cast.dana)[0])
    assert "You called this coffee off." in text_of(mails_to(sent, cast.bram)[0])


def test_a_decline_notifies_only_the_partner_in_neutral_words(
    cast: Cast, coffee: Coffee, fresh: Outbox
) -> None:
    fresh()
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        round_ = make_round(db, livestream, state="published")
        db.get_one(Coffee, coffee.id).round_id = round_.id
        make_yes(db, round_, cast.dana, state="matched")
    with unit_of_work() as db:
        decline_coffee(db, person(cast.bram), db.get_one(Coffee, coffee.id))
    sent = fresh()
    assert addresses(sent) == [cast.dana.email]
    sentence = (
        "This coffee isn't happening. By Tuesday 24 November, 10:00 you'll hear who you can meet instead."
    )
    assert sentence in text_of(sent[0])
    assert not has_invite(sent[0])


def test_a_no_to_a_new_time_takes_the_old_one_out_of_both_calendars(
    cast: Cast, agreed: Coffee, fresh: Outbox
) -> None:
    with unit_of_work() as db:
        choose_time(db, person(cast.bram), db.get_one(Coffee, agreed.id), LATER)
    fresh()
    with unit_of_work() as db:
        decline_coffee(db, person(cast.dana), db.get_one(Coffee, agreed.id))
    sent = fresh()
    assert addresses(sent) == sorted([cast.bram.email, cast.dana.email])
    assert {(one.method, one.sequence) for one in map(invite_in, sent)} == {("CANCEL", 2)}


def test_an_expired_proposal_notifies_only_the_accepting_person(
    cast: Cast, coffee: Coffee, fresh: Outbox, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        accept_coffee(db, person(cast.bram), db.get_one(Coffee, coffee.id))
    fresh()
    set_clock(timedelta(hours=49))
    with unit_of_work() as db:
        expire_coffee(db, SYSTEM, db.get_one(Coffee, coffee.id))
    off = [mail for mail in fresh() if "isn't happening" in mail["Subject"]]
    assert addresses(off) == [cast.bram.email]


def test_when_one_of_three_steps_out_only_that_calendar_is_emptied(
    cast: Cast, set_clock: SetClock, fresh: Outbox
) -> None:
    with unit_of_work() as db:
        three = make_coffee(
            db, cast.circle, (cast.bram, cast.chris, cast.dana), state="confirmed", starts_at=START
        )
        announce(db, CoffeeConfirmed(three.id))
    fresh()
    with unit_of_work() as db:
        cancel_coffee(db, person(cast.chris), db.get_one(Coffee, three.id))
    sent = fresh()
    told = {mail["To"].addresses[0].addr_spec: invite_in(mail).method for mail in sent}
    assert told == {
        cast.chris.email: "CANCEL",
        cast.bram.email: "REQUEST",
        cast.dana.email: "REQUEST",
    }
    assert text_of(mails_to(sent, cast.bram)[0]).count("Chris") == 0


def test_reminders_carry_the_way_in(cast: Cast, agreed: Coffee, fresh: Outbox, set_clock: SetClock) -> None:
    fresh()
    set_clock(START - timedelta(days=1))
    day = fresh()
    assert addresses(day) == sorted([cast.bram.email, cast.dana.email])
    assert mails_to(day, cast.bram)[0]["Subject"] == "Tomorrow at 10:30: coffee with Dana"
    assert "?then=check" in text_of(day[0])
    set_clock(START - timedelta(hours=1))
    soon = fresh()
    assert mails_to(soon, cast.bram)[0]["Subject"] == "At 10:30: coffee with Dana"
    assert "?then=call" in text_of(soon[0])


def test_a_worker_that_was_away_sends_the_last_reminder_only(
    cast: Cast, agreed: Coffee, fresh: Outbox, set_clock: SetClock
) -> None:
    set_clock(START - timedelta(minutes=50))
    assert {mail["Subject"] for mail in mails_to(fresh(), cast.bram)} == {"At 10:30: coffee with Dana"}
    set_clock(START + timedelta(minutes=1))
    assert fresh() == []


def test_a_coffee_that_was_called_off_is_not_remembered(
    cast: Cast, agreed: Coffee, fresh: Outbox, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        cancel_coffee(db, person(cast.bram), db.get_one(Coffee, agreed.id))
    fresh()
    set_clock(START + timedelta(hours=1))
    assert fresh() == []


def test_the_outcome_questions_are_mailed_once_to_those_without_an_answer(
    cast: Cast, agreed: Coffee, fresh: Outbox, set_clock: SetClock
) -> None:
    set_clock(START + timedelta(minutes=10))
    with unit_of_work() as db:
        given = Outcome(took_place="yes", worth_it="yes", again=None)
        record_outcome(db, person(cast.bram), db.get_one(Coffee, agreed.id), given)
    fresh()
    set_clock(START + timedelta(minutes=30))
    sent = [mail for mail in fresh() if "questions" in mail["Subject"]]
    assert addresses(sent) == [cast.dana.email]
    assert "?then=outcome" in text_of(sent[0])


def test_the_partner_of_a_cancelled_coffee_reads_when_a_replacement_is_announced(
    cast: Cast, agreed: Coffee, fresh: Outbox
) -> None:
    with unit_of_work() as db:
        round_ = make_round(db, make_livestream(db, cast.circle, cast.anna, state="ended"), state="published")
        db.get_one(Coffee, agreed.id).round_id = round_.id
        for user in (cast.bram, cast.dana):
            make_yes(db, round_, user, state="matched")
    with unit_of_work() as db:
        cancel_coffee(db, person(cast.bram), db.get_one(Coffee, agreed.id))
    sent = fresh()
    sentence = "By Tuesday 24 November, 10:00 you'll hear who you can meet instead."
    assert sentence in text_of(mails_to(sent, cast.dana)[0])
    assert "instead" not in text_of(mails_to(sent, cast.bram)[0])


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("phone", "Keep your phone at hand."),
        ("location", "You'll find where you meet"),
        ("online", "Test your microphone"),
    ],
)
def test_a_reminder_speaks_of_the_form_it_has(
    cast: Cast, coffee: Coffee, fresh: Outbox, set_clock: SetClock, form: str, words: str
) -> None:
    with unit_of_work() as db:
        db.get_one(Coffee, coffee.id).form = form
    for user in (cast.bram, cast.dana):
        with unit_of_work() as db:
            accept_coffee(db, person(user), db.get_one(Coffee, coffee.id))
    fresh()
    set_clock(START - timedelta(hours=1))
    (mail,) = mails_to(fresh(), cast.bram)
    assert words in text_of(mail)
    assert ("?then=check" in text_of(mail)) == (form == "online")


@pytest.mark.parametrize("kind", ["coffee_day", "coffee_soon", "coffee_after"])
def test_each_reminder_has_a_switch_of_its_own(
    cast: Cast, agreed: Coffee, fresh: Outbox, set_clock: SetClock, kind: str
) -> None:
    with unit_of_work() as db:
        db.add(MailChoice(user_id=cast.bram.id, kind=kind, created_at=clock.now()))
    got = {}
    moments = {
        "coffee_day": START - timedelta(days=1),
        "coffee_soon": START - timedelta(hours=1),
        "coffee_after": START + timedelta(minutes=30),
    }
    for name, moment in moments.items():
        set_clock(moment)
        got[name] = cast.bram.email in addresses(fresh())
    assert got == {name: name != kind for name in moments}


def test_a_place_comes_into_both_calendars_and_a_number_only_into_mails(
    cast: Cast, agreed: Coffee, fresh: Outbox
) -> None:
    with unit_of_work() as db:
        coffee = db.get_one(Coffee, agreed.id)
        coffee.form = "location"
        choose_place(db, person(cast.bram), coffee, "De Zaak, Markt 1")
    sent = fresh()
    assert addresses(sent) == sorted([cast.bram.email, cast.dana.email])
    for mail in sent:
        assert str(mail["Subject"]).startswith("Where: coffee with ")
        assert str(mail["Subject"]).endswith(", Friday 4 December, 10:30")
        assert "De Zaak, Markt 1." in text_of(mail)
        invite = invite_in(mail)
        assert (invite.location, invite.sequence) == ("De Zaak, Markt 1", 1)


def test_the_reminder_of_a_phone_coffee_shows_the_caller_and_the_number(
    cast: Cast, agreed: Coffee, fresh: Outbox, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        coffee = db.get_one(Coffee, agreed.id)
        coffee.form = "phone"
        coffee.seats[1].phone = "+31612345678"
    set_clock(START - timedelta(minutes=50))
    sent = fresh()
    (brams,), (danas,) = mails_to(sent, cast.bram), mails_to(sent, cast.dana)
    assert "By phone: you call. Dana: 06 12345678." in text_of(brams)
    assert "By phone: Bram calls you." in text_of(danas)
    assert "06 12345678" not in text_of(danas)
