"""Tests of 64 concurrent acceptances of overlapping coffees: no one is double-booked."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import update

from events.availability.rules.slots import quarters
from events.coffees.actions import responses
from events.coffees.models import Coffee, Seat
from events.coffees.queries import coffees
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.errors import Conflict
from tests.factories.accounts import make_user
from tests.factories.circles import make_member
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast

pytestmark = pytest.mark.postgres
COFFEES = 32
PEOPLE = 8
Accept = Callable[[str, str], str]


def overlapping_coffees(cast: Cast) -> list[tuple[str, str]]:
    """32 coffees of 8 people within one hour: 64 (coffee, person) in random order."""
    chance = random.Random(7)  # noqa: S311 - which pairs meet is no secret
    start = (clock.now() + timedelta(days=5)).replace(minute=0, second=0, microsecond=0)
    with unit_of_work() as db:
        crowd = [make_user(db, f"Person {number}") for number in range(PEOPLE)]
        for one in crowd:
            make_member(db, cast.circle, one)
        yeses = []
        for _ in range(COFFEES):
            pair = chance.sample(crowd, 2)
            starts_at = start + timedelta(minutes=15 * chance.randrange(3))
            coffee = make_coffee(db, cast.circle, pair, starts_at=starts_at)
            yeses += [(coffee.id, one.id) for one in pair]
    chance.shuffle(yeses)
    return yeses


def all_at_once(app: Flask, yeses: list[tuple[str, str]], accept: Accept) -> Counter[str]:
    """One thread an acceptance; their results."""

    def say(yes: tuple[str, str]) -> str:
        with app.app_context():
            return accept(*yes)

    with ThreadPoolExecutor(len(yeses)) as crowd:
        return Counter(crowd.map(say, yeses))


def double_booked() -> list[tuple[str, datetime]]:
    """(person, quarter) taken by two confirmed coffees."""
    taken: Counter[tuple[str, datetime]] = Counter()
    with unit_of_work() as db:
        for coffee in db.query(Coffee).filter_by(state="confirmed"):
            for seat in coffee.seats:
                taken.update(
                    (seat.user_id, quarter) for quarter in quarters(coffee.starts_at, coffee.minutes)
                )
    return [one for one, times in taken.items() if times > 1]


def accept_with_claims(coffee_id: str, user_id: str) -> str:
    try:
        with unit_of_work() as db:
            user = coffees.seat_of(coffees.get_coffee(db, coffee_id), user_id).user
            responses.accept_coffee(db, person(user), coffees.get_coffee(db, coffee_id), 1)
    except Conflict as refused:
        return refused.code
    return "yes"


def test_sixty_four_concurrent_accepts_never_book_anyone_twice(app: Flask, cast: Cast) -> None:
    yeses = overlapping_coffees(cast)
    assert len(yeses) == 64
    outcome = all_at_once(app, yeses, accept_with_claims)
    assert double_booked() == []
    with unit_of_work() as db:
        confirmed = db.query(Coffee).filter_by(state="confirmed").count()
    assert confirmed >= 1
    # Of every coffee the first yes counts; the second makes it stand or hears that the time has gone.
    assert outcome == Counter({"yes": COFFEES + confirmed, "time_taken": COFFEES - confirmed})


def test_without_the_key_of_claims_the_same_crowd_is_double_booked(app: Flask, cast: Cast) -> None:
    """Negative control: check-then-write is not enough."""
    yeses = overlapping_coffees(cast)
    everyone_has_looked = Barrier(len(yeses))

    def accept_by_looking_first(coffee_id: str, user_id: str) -> str:
        with unit_of_work() as db:
            coffee = coffees.get_coffee(db, coffee_id)
            people = [seat.user_id for seat in coffee.seats]
            busy = db.query(Seat).join(Coffee).filter(Coffee.state == "confirmed", Seat.user_id.in_(people))
            free = busy.count() == 0
        everyone_has_looked.wait(timeout=30)
        with unit_of_work() as db:
            if free:
                db.execute(update(Coffee).where(Coffee.id == coffee_id).values(state="confirmed"))
        return "yes" if free else "time_taken"

    all_at_once(app, yeses, accept_by_looking_first)
    assert double_booked()


def test_a_yes_and_a_no_at_the_same_moment_have_one_end(app: Flask, cast: Cast) -> None:
    with unit_of_work() as db:
        coffee_ids = [
            make_coffee(
                db,
                cast.circle,
                [cast.bram, cast.dana],
                starts_at=clock.now() + timedelta(days=5, hours=number),
                answers={"Dana": "yes"},
            ).id
            for number in range(8)
        ]

    def answer(coffee_id: str, verb: str) -> str:
        action, who = {
            "yes": (responses.accept_coffee, cast.bram),
            "no": (responses.decline_coffee, cast.dana),
        }[verb]
        try:
            with unit_of_work() as db:
                action(db, person(who), coffees.get_coffee(db, coffee_id), 1)
        except Conflict:
            return "too late"
        return verb

    answers = [(coffee_id, verb) for coffee_id in coffee_ids for verb in ("yes", "no")]
    outcome = all_at_once(app, answers, answer)
    assert outcome["too late"] == len(coffee_ids)
    with unit_of_work() as db:
        states = Counter(coffees.get_coffee(db, coffee_id).state for coffee_id in coffee_ids)
    assert states == Counter({"confirmed": outcome["yes"], "declined": outcome["no"]})
