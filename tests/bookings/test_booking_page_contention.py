"""Test of sixteen concurrent bookings of one half hour: one succeeds."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from events.accounts.models import User
from events.availability.models import Claim
from events.bookings import jobs as bookings_jobs
from events.bookings.actions import booking_page as booking_actions
from events.bookings.forms import Book
from events.bookings.queries import booking_page as coffees_booking
from events.coffees.models import Coffee
from events.core.db.session import unit_of_work
from events.core.errors import Conflict
from tests.factories.accounts import make_user
from tests.factories.circles import make_member
from tests.factories.coffees import make_booking_page, person
from tests.support.cast import Cast

pytestmark = pytest.mark.postgres
CROWD = 16


def test_of_sixteen_concurrent_bookings_one_gets_the_time(app: Flask, cast: Cast) -> None:
    with unit_of_work() as db:
        make_booking_page(db, cast.dana, at_once=True)
        crowd = [make_user(db, f"Lid {number}") for number in range(CROWD)]
        for one in crowd:
            make_member(db, cast.circle, one)
        booking = coffees_booking.get_booking(db, person(crowd[0]), "dana")
        time = coffees_booking.list_open_times(db, person(crowd[0]), booking, 30)[0]

    def plan(who: User) -> str:
        with app.app_context():
            try:
                with unit_of_work() as db:
                    mine = coffees_booking.get_booking(db, person(who), "dana")
                    form = Book(time=time, form="online", minutes="30")
                    return booking_actions.book_coffee(db, person(who), mine, form).state
            except Conflict as refused:
                return refused.code

    with ThreadPoolExecutor(CROWD) as threads:
        said = Counter(threads.map(plan, crowd))
    assert said == Counter({"proposed": CROWD})

    def settle(coffee_id: str) -> None:
        with app.app_context():
            bookings_jobs.auto_confirm_booking(coffee_id)

    with unit_of_work() as db:
        asked = list(db.scalars(select(Coffee.id)))
    with ThreadPoolExecutor(CROWD) as threads:
        list(threads.map(settle, asked))
    with unit_of_work() as db:
        states = Counter(db.scalars(select(Coffee.state)))
        assert states == Counter({"confirmed": 1, "declined": CROWD - 1})
        assert db.query(Claim).filter_by(user_id=cast.dana.id).count() == 2
