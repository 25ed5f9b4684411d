"""Races between two processes on PostgreSQL: limits and uniqueness hold."""

import os
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from events.accounts.actions import profile
from events.accounts.actions.keys import find_or_create_person
from events.accounts.models import Block, MailChoice, User
from events.accounts.rules import MAIL_KINDS
from events.availability import forms as availability_forms
from events.availability.actions import calendars
from events.availability.actions.calendars import add_calendar
from events.availability.actions.hours import add_days_off
from events.availability.models import BusyCalendar, Claim, DayOff
from events.bookings.actions.booking_page import change_booking_page
from events.bookings.forms import OpenBooking
from events.bookings.models import FormerHandle
from events.bookings.rules import MAX_FORMER_HANDLES
from events.circles.actions.joining import accept_invitation, invite_members
from events.circles.forms.circles import Invitee
from events.circles.models import Circle, Invitation, Membership
from events.coffees.actions.responses import accept_coffee
from events.coffees.models import Coffee
from events.coffees.queries.coffees import get_coffee
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db import session
from events.core.db.session import Base, unit_of_work
from events.core.mail.ledger import MAX_PER_BURST, TO_MEMBERS, TO_STRANGERS, CausedMail, lock_quotas
from events.core.mail.outbox import queue_mail
from events.livestreams.queries.livestreams import get_livestream
from events.registrations.actions import add_registration
from events.registrations.models import Registration
from events.rounds.actions import exclusions
from events.rounds.forms import NewExclusion
from events.rounds.models import Exclusion
from tests.factories.accounts import make_user
from tests.factories.circles import make_member
from tests.factories.coffees import make_booking_page, make_coffee
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.process_race import AT_ONCE, PROCESSES, Rivals, acting

ADVISORY_LOCKS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(os.environ.get("TEST_ON") != "postgres", reason="SQLite has one writer"),
]


def count(kind: type[Base], **which: object) -> int:
    with unit_of_work() as db:
        return db.scalar(select(func.count()).select_from(kind).filter_by(**which)) or 0


def crowd_of(cast: Cast, size: int = AT_ONCE) -> list[str]:
    """Ids of so many members of the circle."""
    with unit_of_work() as db:
        crowd = [make_user(db, f"Lid {number}") for number in range(size)]
        for one in crowd:
            make_member(db, cast.circle, one)
        return [one.id for one in crowd]


def connect_calendar(db: Session, number: int, people: list[str]) -> None:
    form = availability_forms.AddCalendar(address=f"https://calendar.example/{number}.ics")
    add_calendar(db, acting(db, people[number % len(people)]), form)


def take_day_off(db: Session, number: int, person_id: str, days_apart: int) -> None:
    day = clock.now().date() + timedelta(days=10 + number * days_apart)
    add_days_off(db, acting(db, person_id), availability_forms.DaysOff(first_day=day, last_day=day))


def keep_apart(db: Session, number: int, person_id: str, circle_id: str) -> None:
    circle = db.get_one(Circle, circle_id)
    exclusions.add_exclusion(db, acting(db, person_id), circle, NewExclusion(company=f"Firm {number}"))


def block(db: Session, _number: int, person_id: str, other_id: str) -> None:
    profile.block_person(db, acting(db, person_id), other_id)


def switch_mail(db: Session, _number: int, person_id: str) -> None:
    profile.switch_mail(db, acting(db, person_id), person_id, sorted(MAIL_KINDS)[0], on=False)


def take_handle(db: Session, number: int, person_id: str) -> None:
    form = OpenBooking(open=True, handle=f"bram-{number}", forms=["online"], lengths=["30"])
    change_booking_page(db, acting(db, person_id), form)


def accept(db: Session, number: int, answers: list[tuple[str, str]]) -> None:
    coffee_id, person_id = answers[number]
    accept_coffee(db, acting(db, person_id), get_coffee(db, coffee_id), 1)


def join(db: Session, _number: int, circle_id: str, person_id: str) -> None:
    accept_invitation(db, acting(db, person_id), db.get_one(Circle, circle_id), person_id)


def come(db: Session, number: int, livestream_id: str, people: list[str]) -> None:
    add_registration(db, acting(db, people[number]), get_livestream(db, livestream_id))


def reply(db: Session, number: int, senders: list[str], recipients: list[str], backwards: bool) -> None:
    """A mail that counts for the ceilings between members, to each of these people."""
    acting(db, senders[number % len(senders)])
    for recipient in sorted(recipients, reverse=backwards and number % 2 == 1):
        queue_mail(db, "coffee_reply", recipient, f"reply {number}")


def invite(db: Session, number: int, senders: list[str], recipient: str) -> None:
    acting(db, senders[number])
    queue_mail(db, "invited", recipient, f"invitation {number}", bulk=True)


def meet(db: Session, _number: int) -> None:
    find_or_create_person(db, SYSTEM, "Eva", "eva@example.test", "nl")


def test_calendars_added_at_once_stay_within_their_number(rivals: Rivals, cast: Cast) -> None:
    most = calendars.MAX_CALENDARS
    said = rivals.race(connect_calendar, [cast.bram.id])
    assert said == {"done": most, "too_many_calendars": AT_ONCE - most}
    assert count(BusyCalendar) == most


def test_days_off_added_at_once_stay_within_their_number(rivals: Rivals, cast: Cast) -> None:
    few = {"events.availability.actions.hours:MAX_DAYS_OFF": 3}
    said = rivals.race(take_day_off, cast.bram.id, 1, constants=few)
    assert said == {"done": 3, "too_many_days_off": AT_ONCE - 3}
    assert count(DayOff) == 3


def test_the_same_days_off_at_once_are_kept_once(rivals: Rivals, cast: Cast) -> None:
    assert rivals.race(take_day_off, cast.bram.id, 0) == {"done": AT_ONCE}
    assert count(DayOff) == 1


def test_people_kept_apart_at_once_stay_within_their_number(rivals: Rivals, cast: Cast) -> None:
    few = {"events.rounds.actions.exclusions:MAX_EXCLUSIONS": 3}
    said = rivals.race(keep_apart, cast.bram.id, cast.circle.id, constants=few)
    assert said == {"done": 3, "too_many_apart": AT_ONCE - 3}
    assert count(Exclusion) == 3


def test_block_pressed_at_once_blocks_once_and_fails_nobody(rivals: Rivals, cast: Cast) -> None:
    assert rivals.race(block, cast.bram.id, cast.dana.id) == {"done": AT_ONCE}
    assert count(Block) == 1


def test_a_kind_of_mail_switched_off_at_once_is_off(rivals: Rivals, cast: Cast) -> None:
    assert rivals.race(switch_mail, cast.bram.id) == {"done": AT_ONCE}
    assert count(MailChoice) == 1


def test_one_person_waits_for_nobody_else(rivals: Rivals, cast: Cast) -> None:
    """The lock is of the owner: eight others do the same thing side by side."""
    people = [cast.anna.id, cast.bram.id, cast.chris.id, cast.dana.id]
    assert rivals.race(connect_calendar, people) == {"done": AT_ONCE}


def test_addresses_chosen_at_once_leave_no_more_former_ones_than_allowed(rivals: Rivals, cast: Cast) -> None:
    with unit_of_work() as db:
        make_booking_page(db, cast.bram)
    said = rivals.race(take_handle, cast.bram.id)
    assert said == {"done": MAX_FORMER_HANDLES, "invalid": AT_ONCE - MAX_FORMER_HANDLES}
    assert count(FormerHandle) == MAX_FORMER_HANDLES


def test_of_overlapping_coffees_accepted_concurrently_one_is_confirmed(rivals: Rivals, cast: Cast) -> None:
    """Eight people say yes to Dana, who said yes to each of them, all at one time."""
    people, start = (
        crowd_of(cast),
        (clock.now() + timedelta(days=5)).replace(minute=0, second=0, microsecond=0),
    )
    start = (clock.now() + timedelta(days=5)).replace(minute=0, second=0, microsecond=0)
    with unit_of_work() as db:
        asked = [
            (make_coffee(db, cast.circle, [db.get_one(User, one), cast.dana], starts_at=start,
                         answers={"Dana": "yes"}).id, one)
            for one in people
        ]  # fmt: skip
    said = rivals.race(accept, asked)
    assert said == {"done": 1, "time_taken": AT_ONCE - 1}
    assert count(Coffee, state="confirmed") == 1
    assert count(Claim, user_id=cast.dana.id) == 2


def test_a_yes_of_both_at_once_confirms_one_coffee_once(rivals: Rivals, cast: Cast) -> None:
    with unit_of_work() as db:
        start = (clock.now() + timedelta(days=5)).replace(minute=0, second=0, microsecond=0)
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana], starts_at=start)
    said = rivals.race(accept, [(coffee.id, cast.bram.id), (coffee.id, cast.dana.id)], at_once=PROCESSES)
    assert said == {"done": PROCESSES}
    assert count(Coffee, state="confirmed") == 1
    assert count(Claim, user_id=cast.bram.id) == 2


def test_one_invitation_used_at_once_makes_one_member(rivals: Rivals, cast: Cast) -> None:
    with unit_of_work() as db:
        asked = {"circle_id": cast.circle.id, "user_id": cast.olga.id, "invited_by_id": cast.anna.id}
        db.add(Invitation(**asked, created_at=clock.now()))
    assert rivals.race(join, cast.circle.id, cast.olga.id) == {"done": AT_ONCE}
    assert count(Membership, user_id=cast.olga.id) == 1


def test_places_taken_at_once_are_no_more_than_there_are(rivals: Rivals, cast: Cast) -> None:
    people = crowd_of(cast)
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, capacity=3)
    assert rivals.race(come, livestream.id, people) == {"done": 3, "full": AT_ONCE - 3}
    assert count(Registration, state="coming") == 3


def test_one_new_address_at_once_is_one_person(rivals: Rivals, cast: Cast) -> None:
    assert rivals.race(meet) == {"done": AT_ONCE}
    assert count(User, email="eva@example.test") == 1


def make_ledger(recipient_id: str, mails: int) -> None:
    with unit_of_work() as db:
        for number in range(mails):
            db.add(
                CausedMail(
                    pool=TO_MEMBERS.pool, sender_id=f"sender {number}", recipient_id=recipient_id,
                    kind="coffee_reply", subject_id=f"earlier {number}", sent_at=clock.now(),
                )
            )  # fmt: skip


def test_eight_senders_at_once_stay_within_the_ceiling_of_one_recipient(rivals: Rivals, cast: Cast) -> None:
    senders = crowd_of(cast)
    make_ledger(cast.dana.id, TO_MEMBERS.recipient - 3)
    said = rivals.race(reply, senders, [cast.dana.id], False)
    assert said == {"done": 3, "too_many_mails": AT_ONCE - 3}
    assert count(CausedMail, recipient_id=cast.dana.id) == TO_MEMBERS.recipient


def test_eight_invitations_at_once_to_one_stranger_leave_on_different_days(
    rivals: Rivals, cast: Cast
) -> None:
    senders = crowd_of(cast)
    assert rivals.race(invite, senders, cast.olga.id) == {"done": AT_ONCE}
    with unit_of_work() as db:
        leaves_at = list(db.scalars(select(CausedMail.sent_at)))
    days = Counter(round((moment - min(leaves_at)) / timedelta(days=1)) for moment in sorted(leaves_at))
    assert list(days.values()) == [TO_STRANGERS.recipient, TO_STRANGERS.recipient, 2]


def test_concurrent_replies_to_each_other_do_not_deadlock(rivals: Rivals, cast: Cast) -> None:
    """Senders are recipients too, and each writes to all the others."""
    people = crowd_of(cast, MAX_PER_BURST)
    everybody = [*people, cast.bram.id, cast.dana.id]
    for _ in range(3):
        assert rivals.race(reply, people, everybody, False) == {"done": AT_ONCE}


def test_without_one_order_of_recipients_they_would(rivals: Rivals, cast: Cast) -> None:
    """The negative control of the test above."""
    people = crowd_of(cast)
    said: Counter[str] = Counter()
    for _ in range(3):
        said += rivals.race(reply, people, [cast.bram.id, cast.chris.id, cast.dana.id], True)
    assert said["OperationalError"]


def test_an_import_locks_its_sender_and_all_recipients_in_one_statement(cast: Cast) -> None:
    invitees = [Invitee(f"{n}@example.test", "", f"{n}@example.test", "") for n in range(20)]
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(session.engine(), "before_cursor_execute", note)
    try:
        with unit_of_work() as db:
            invite_members(db, acting(db, cast.anna.id), db.get_one(Circle, cast.circle.id), invitees)
            held = db.scalar(text(ADVISORY_LOCKS))
    finally:
        event.remove(session.engine(), "before_cursor_execute", note)
    assert held == 1 + len(invitees)
    assert sum("pg_advisory_xact_lock" in statement for statement in statements) == 1


def test_locks_given_up_with_a_savepoint_are_taken_again(cast: Cast) -> None:
    with unit_of_work() as db:
        acting(db, cast.anna.id)
        lock_quotas(db, [cast.bram.id])
        undone = db.begin_nested()
        lock_quotas(db, [cast.bram.id, cast.dana.id])
        undone.rollback()
        assert db.scalar(text(ADVISORY_LOCKS)) == 2
        with db.begin_nested():
            lock_quotas(db, [cast.dana.id])
        lock_quotas(db, [cast.dana.id])
        assert db.scalar(text(ADVISORY_LOCKS)) == 3
