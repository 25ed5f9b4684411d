"""Two processes on PostgreSQL: guests of one member take the last places that the rules leave them."""

import os

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.core import clock
from events.core.auth.actor import Actor
from events.core.db.session import unit_of_work
from events.guests.actions import take_guest_place
from events.guests.models import Guest
from events.livestreams.queries.livestreams import get_livestream
from events.registrations.models import Registration
from tests.factories.accounts import make_user
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.process_race import Rivals

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(os.environ.get("TEST_ON") != "postgres", reason="SQLite has one writer"),
]
ALLOWED, AT_ONCE = 2, 8


def come(db: Session, number: int, livestream_id: str, people: list[str]) -> None:
    key = frozenset({("livestream", livestream_id)})
    guest = Actor(kind="key", person_id=people[number], keys=key)
    take_guest_place(db, guest, get_livestream(db, livestream_id))


def test_of_eight_guests_of_one_member_who_come_at_once_two_have_a_place(rivals: Rivals, cast: Cast) -> None:
    with unit_of_work() as db:
        circle = db.merge(cast.circle)
        circle.guests_from, circle.guests_per_member = "members", ALLOWED
        made = make_livestream(db, circle, cast.anna)
        guests = [make_user(db, f"Gast {number}") for number in range(AT_ONCE)]
        for guest in guests:
            db.add(
                Guest(
                    livestream_id=made.id,
                    user_id=guest.id,
                    invited_by_id=cast.bram.id,
                    state="requested",
                    created_at=clock.now(),
                )
            )
        people = [guest.id for guest in guests]
    said = rivals.race(come, made.id, people, at_once=AT_ONCE)
    assert said == {"done": ALLOWED, "guests_enough": AT_ONCE - ALLOWED}
    with unit_of_work() as db:
        coming = select(func.count(Registration.id)).where(
            Registration.livestream_id == made.id, Registration.state == "coming"
        )
        assert db.scalar(coming) == ALLOWED
