"""Races of limited acts (one-use links, quotas) between two processes on PostgreSQL."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.accounts.actions.keys import use_key
from events.accounts.models import PersonalKey
from events.bookings.actions.booking_page import book_coffee
from events.bookings.actions.invitations import invite_person
from events.bookings.forms import Book, Invite
from events.bookings.jobs import auto_confirm_booking
from events.bookings.queries.booking_page import get_booking, list_open_times
from events.circles.actions.circle import create_circle
from events.circles.forms.circles import CreateCircle
from events.circles.models import Circle
from events.circles.rules import MAX_CIRCLES_PER_DAY
from events.coffees.models import Coffee
from events.coffees.queries.common_times import list_offered_times
from events.coffees.rules import INVITATION_NOTICE
from events.core import clock
from events.core.auth.actor import VISITOR
from events.core.db.session import Base, unit_of_work
from events.core.ids import new_id
from events.core.mail.mailings import MAX_MAILINGS_PER_DAY, Mailing
from events.livestreams.actions.transitions import publish_livestream
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream
from events.quick_calls.actions import look_for_call
from tests.factories.accounts import make_key, make_user
from tests.factories.circles import make_member
from tests.factories.coffees import make_booking_page, person
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.process_race import AT_ONCE, Rivals, acting

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(os.environ.get("TEST_ON") != "postgres", reason="SQLite has one writer"),
]


def count(kind: type[Base], **which: object) -> int:
    with unit_of_work() as db:
        return db.scalar(select(func.count()).select_from(kind).filter_by(**which)) or 0


def use(db: Session, _number: int, key_id: str) -> None:
    use_key(db, VISITOR, db.get_one(PersonalKey, key_id))


def invite(db: Session, number: int, circle_id: str, pair: list[str], times: list[object]) -> None:
    who, whom = pair[number % 2], pair[1 - number % 2]
    data = Invite.model_validate({"times": times})
    invite_person(db, acting(db, who), db.get_one(Circle, circle_id), whom, data)


def book(db: Session, number: int, people: list[str], time: object) -> None:
    who = acting(db, people[number])
    data = Book.model_validate({"time": time, "form": "online", "minutes": "30"})
    book_coffee(db, who, get_booking(db, who, "dana"), data)


def settle(db: Session, number: int, coffee_ids: list[str]) -> None:
    """The job opens a unit of work of its own, beside the one that waited at the start."""
    auto_confirm_booking(coffee_ids[number])


def begin(db: Session, number: int, person_id: str) -> None:
    create_circle(db, acting(db, person_id), CreateCircle(name=f"Ring {number}"))


def publish(db: Session, number: int, person_id: str, livestream_ids: list[str]) -> None:
    publish_livestream(db, acting(db, person_id), get_livestream(db, livestream_ids[number]))


def look(db: Session, number: int, circle_id: str, people: list[str]) -> None:
    look_for_call(db, acting(db, people[number]), db.get_one(Circle, circle_id))


def test_of_those_who_look_for_a_quick_call_at_once_each_is_paired_once(rivals: Rivals, cast: Cast) -> None:
    with unit_of_work() as db:
        people = [make_user(db, f"Lid {number}") for number in range(AT_ONCE)]
        for one in people:
            make_member(db, cast.circle, one)
    said = rivals.race(look, cast.circle.id, [one.id for one in people])
    assert said == {"done": AT_ONCE}
    assert count(Coffee, state="confirmed") == count(Coffee) == AT_ONCE // 2
    with unit_of_work() as db:
        seated = [seat.user_id for coffee in db.scalars(select(Coffee)) for seat in coffee.seats]
    assert sorted(seated) == sorted(one.id for one in people)


def test_a_link_for_one_use_lets_in_one(rivals: Rivals, cast: Cast) -> None:
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "sign_in")
    assert rivals.race(use, key.id) == {"done": 1, "key_gone": AT_ONCE - 1}


def test_of_two_concurrent_mutual_invitations_one_arrives(rivals: Rivals, cast: Cast) -> None:
    with unit_of_work() as db:
        times = list_offered_times(db, cast.bram.id, [cast.dana.id], 45, notice=INVITATION_NOTICE)[:4]
    said = rivals.race(invite, cast.circle.id, [cast.bram.id, cast.dana.id], times)
    assert said["done"] == 1
    assert count(Coffee) == 1


def test_of_eight_concurrent_bookings_of_a_time_one_succeeds(rivals: Rivals, cast: Cast) -> None:
    with unit_of_work() as db:
        make_booking_page(db, cast.dana, at_once=True)
        crowd = [make_user(db, f"Lid {number}") for number in range(AT_ONCE)]
        for one in crowd:
            make_member(db, cast.circle, one)
        booking = get_booking(db, person(crowd[0]), "dana")
        time = list_open_times(db, person(crowd[0]), booking, 30)[0]
    assert rivals.race(book, [one.id for one in crowd], time) == {"done": AT_ONCE}
    with unit_of_work() as db:
        asked = list(db.scalars(select(Coffee.id)))
    assert rivals.race(settle, asked) == {"done": AT_ONCE}
    assert (count(Coffee, state="confirmed"), count(Coffee, state="declined")) == (1, AT_ONCE - 1)


def test_circles_begun_at_once_are_no_more_than_a_person_may(rivals: Rivals, cast: Cast) -> None:
    said = rivals.race(begin, cast.olga.id)
    assert said == {"done": MAX_CIRCLES_PER_DAY, "too_many_circles": AT_ONCE - MAX_CIRCLES_PER_DAY}


def test_mailings_of_one_circle_at_once_stay_within_its_ceiling(rivals: Rivals, cast: Cast) -> None:
    moment = clock.now()
    with unit_of_work() as db:
        for _ in range(MAX_MAILINGS_PER_DAY - 3):
            db.add(Mailing(group_id=cast.circle.id, subject_id=new_id(), announces=True, sent_at=moment))
        start = moment + timedelta(days=9)
        drafts = [
            make_livestream(
                db, cast.circle, cast.anna, title=f"Avond {number}", state="draft", starts_at=start
            )
            for number in range(AT_ONCE)
        ]
    said = rivals.race(publish, cast.anna.id, [one.id for one in drafts])
    assert said == {"done": 3, "too_many_mailings": AT_ONCE - 3}
    assert count(Livestream, state="announced") == 3
