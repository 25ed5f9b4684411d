"""Both hand one coffee on and both colleagues say yes at the same moment: one coffee comes of it."""

import os

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from events.coffees.models import Coffee
from events.companies import actions, queries
from events.companies.forms import AnswerHandover, AskColleague
from events.companies.models import Handover
from events.core.db.session import unit_of_work
from tests.factories.accounts import make_user
from tests.factories.circles import make_company, make_member
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast
from tests.support.process_race import Rivals, acting

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(os.environ.get("TEST_ON") != "postgres", reason="SQLite has one writer"),
]


def say_yes(db: Session, number: int, ids: list[str]) -> None:
    handover = db.get_one(Handover, ids[number % 2])
    coffee = db.get_one(Coffee, handover.coffee_id)
    answer = AnswerHandover(answer="yes", time=coffee.starts_at)
    actions.answer_handover(db, acting(db, handover.to_id), handover, answer)


def test_of_two_colleagues_who_say_yes_at_once_one_comes(rivals: Rivals, cast: Cast) -> None:
    with unit_of_work() as db:
        els = make_user(db, "Els")
        make_member(db, cast.circle, els)
        make_company(db, cast.circle, "Bakkerij Bol", cast.bram, cast.chris)
        make_company(db, cast.circle, "Dana Advies", cast.dana, els)
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed")
        ids = [
            actions.ask_colleague(db, person(by), coffee, AskColleague(to=to.id)).id
            for by, to in ((cast.bram, cast.chris), (cast.dana, els))
        ]
    said = rivals.race(say_yes, ids, at_once=2)
    assert said == {"done": 1, "handover_over": 1}
    with unit_of_work() as db:
        assert len(db.scalars(select(Coffee)).all()) == 2
        made = [one for one in (db.get_one(Handover, id_) for id_ in ids) if one.made_id is not None]
        assert len(made) == 1
        assert queries.list_asked(db, made[0].to_id, ids) == []
