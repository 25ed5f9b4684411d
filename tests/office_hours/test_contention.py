"""Test of sixteen members who take one office hour at once: one gets it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from events.accounts.models import User
from events.availability.models import Claim
from events.coffees.models import Coffee
from events.core.db.session import unit_of_work
from events.core.errors import Conflict
from events.livestreams.models import Livestream
from events.office_hours import actions
from tests.factories.accounts import make_user
from tests.factories.circles import make_member
from tests.factories.coffees import person
from tests.factories.livestreams import make_livestream
from tests.factories.office_hours import make_office_hours
from tests.support.cast import Cast

pytestmark = pytest.mark.postgres
CROWD = 16


def take(app: Flask, who: User, livestream_id: str, hour_id: str) -> str:
    with app.app_context():
        try:
            with unit_of_work() as db:
                livestream = db.get_one(Livestream, livestream_id)
                return actions.take_hour(db, person(who), livestream, hour_id).state
        except Conflict as refused:
            return refused.code


def test_of_sixteen_who_take_one_office_hour_one_gets_it(app: Flask, cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        hour_id = make_office_hours(db, livestream, cast.anna, 1)[0].id
        crowd = [make_user(db, f"Lid {number}") for number in range(CROWD)]
        for one in crowd:
            make_member(db, cast.circle, one)
    with ThreadPoolExecutor(CROWD) as threads:
        said = Counter(threads.map(lambda who: take(app, who, livestream.id, hour_id), crowd))
    assert said == Counter({"confirmed": 1, "office_hour_gone": CROWD - 1})
    with unit_of_work() as db:
        assert [coffee.state for coffee in db.scalars(select(Coffee))] == ["confirmed"]
        assert db.query(Claim).filter_by(user_id=cast.anna.id).count() == 1


def test_one_who_takes_many_at_once_gets_one(app: Flask, cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        ids = [hour.id for hour in make_office_hours(db, livestream, cast.anna, 6)]
    with ThreadPoolExecutor(len(ids)) as threads:
        said = Counter(threads.map(lambda id_: take(app, cast.bram, livestream.id, id_), ids))
    assert said == Counter({"confirmed": 1, "office_hour_had": len(ids) - 1})
