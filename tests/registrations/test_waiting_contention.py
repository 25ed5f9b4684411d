"""Two processes on PostgreSQL take, give up, wait for and offer places at the same moment."""

import os
from datetime import time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream
from events.registrations import actions
from events.registrations.models import Registration
from events.registrations.rules import HOLDING
from tests.factories.accounts import make_user
from tests.factories.circles import make_member
from tests.factories.livestreams import make_livestream
from tests.factories.registrations import make_registration
from tests.support.cast import Cast
from tests.support.process_race import Rivals, acting

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(os.environ.get("TEST_ON") != "postgres", reason="SQLite has one writer"),
]
PLACES = 3
AT_ONCE = 12
ALWAYS_DAY = {  # at night nothing is offered, and these processes have the real clock
    "events.core.mail.daily:NIGHT_UNTIL": time.min,
    "events.core.mail.daily:NIGHT_FROM": time.max,
}


def crowd(cast: Cast) -> tuple[Livestream, list[str]]:
    """A full livestream, and people of whom the first hold its places."""
    with unit_of_work() as db:
        start = clock.now() + timedelta(days=5)
        made = make_livestream(db, cast.circle, cast.anna, capacity=PLACES, starts_at=start)
        people = [make_user(db, f"Lid {number}") for number in range(AT_ONCE)]
        for person in people:
            make_member(db, cast.circle, person)
        for person in people[:PLACES]:
            make_registration(db, made, person)
        for person in people[PLACES : 2 * PLACES]:
            one = make_registration(db, made, person, state="waiting")
            one.waiting_since = clock.now()
        return made, [person.id for person in people]


def jostle(db: Session, number: int, livestream_id: str, people: list[str]) -> None:
    """Who holds a place gives it up, who waits takes it, others come along, and the job runs."""
    actor = acting(db, people[number])
    livestream = get_livestream(db, livestream_id)
    if number < PLACES:
        actions.withdraw_registration(db, actor, livestream)
    elif number % 3 == 0:
        actions.move_waiting_list_up(db, SYSTEM, livestream_id)
    elif number % 3 == 1:
        actions.add_registration(db, actor, livestream)
    else:
        actions.join_waiting_list(db, actor, livestream)


def press_yes(db: Session, number: int, livestream_id: str, people: list[str]) -> None:
    actions.add_registration(db, acting(db, people[number]), get_livestream(db, livestream_id))


def count(made: Livestream, *states: str) -> int:
    query = select(func.count(Registration.id)).where(
        Registration.livestream_id == made.id, Registration.state.in_(states)
    )
    with unit_of_work() as db:
        return db.scalar(query) or 0


def test_places_and_offers_together_never_exceed_the_capacity(rivals: Rivals, cast: Cast) -> None:
    made, people = crowd(cast)
    for act in (jostle, press_yes):
        said = rivals.race(act, made.id, people, at_once=AT_ONCE, constants=ALWAYS_DAY)
        assert set(said) <= {"done", "full"}
        assert count(made, *HOLDING) == PLACES, "every place is taken or offered, and none twice"
    assert count(made, "coming") == PLACES


def come_or_wait(db: Session, number: int, livestream_id: str, people: list[str]) -> None:
    actions.join_waiting_list(db, acting(db, people[number]), get_livestream(db, livestream_id))


def test_of_twelve_who_come_at_once_those_without_a_place_wait(rivals: Rivals, cast: Cast) -> None:
    made, people = crowd(cast)
    with unit_of_work() as db:
        db.query(Registration).delete()
    said = rivals.race(come_or_wait, made.id, people, at_once=AT_ONCE, constants=ALWAYS_DAY)
    assert said == {"done": AT_ONCE}
    assert (count(made, "coming"), count(made, "waiting")) == (PLACES, AT_ONCE - PLACES)
