"""Tests of call actions: rising epochs, returning stays and permissions."""

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.calls import actions
from events.calls.models import CallStay
from events.coffees.models import Coffee
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast
from tests.support.types import SetClock

pytestmark = pytest.mark.postgres


@pytest.fixture
def coffee(cast: Cast, set_clock: SetClock) -> Coffee:
    with unit_of_work() as db:
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed", starts_at=clock.now())


def enter(coffee: Coffee, user: User, tab: str, stay: int | None = None) -> CallStay:
    with unit_of_work() as db:
        return actions.enter_call(db, person(user), db.get_one(Coffee, coffee.id), tab=tab, stay=stay)


def test_each_new_page_has_a_higher_epoch(cast: Cast, coffee: Coffee) -> None:
    epochs = [
        enter(coffee, user, tab).epoch for user, tab in ((cast.bram, "a"), (cast.dana, "b"), (cast.bram, "c"))
    ]
    assert epochs == [1, 2, 3]
    with unit_of_work() as db:
        left = {stay.tab: stay.left_at is not None for stay in db.scalars(select(CallStay))}
    assert left == {"a": True, "b": False, "c": False}


def test_a_stay_comes_back_by_another_socket_but_not_once_it_was_replaced(cast: Cast, coffee: Coffee) -> None:
    first = enter(coffee, cast.bram, "a")
    with unit_of_work() as db:
        actions.mark_tab_closed(db, SYSTEM, "a")
    assert enter(coffee, cast.bram, "b", stay=first.epoch).epoch == first.epoch
    with unit_of_work() as db:
        stay = db.scalars(select(CallStay)).one()
        assert (stay.tab, stay.left_at) == ("b", None)
    enter(coffee, cast.bram, "c")
    with pytest.raises(Conflict) as refused:
        enter(coffee, cast.bram, "b", stay=first.epoch)
    assert refused.value.code == "call_replaced"


def test_nobody_claims_a_stay_that_never_was(cast: Cast, coffee: Coffee) -> None:
    enter(coffee, cast.dana, "b")
    with pytest.raises(Conflict):
        enter(coffee, cast.bram, "a", stay=1)


def test_only_system_marks_a_socket_closed(cast: Cast, coffee: Coffee) -> None:
    enter(coffee, cast.bram, "a")
    with unit_of_work() as db, pytest.raises(Forbidden):
        actions.mark_tab_closed(db, person(cast.dana), "a")


def test_even_an_organiser_does_not_enter_the_call_of_others(cast: Cast, coffee: Coffee) -> None:
    for user in (cast.anna, cast.olga):
        with pytest.raises(Forbidden):
            enter(coffee, user, "a")
