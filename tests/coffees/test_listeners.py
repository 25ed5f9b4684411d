"""Tests of change notifications to participants' open pages."""

from collections.abc import Callable
from datetime import timedelta

from events.accounts.models import User
from events.coffees import forms
from events.coffees.actions import outcomes, responses
from events.coffees.queries import coffees
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.realtime.handlers import send_to_person
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast
from tests.support.types import OpenSocket


def act(action: Callable[..., object], who: User, coffee_id: str) -> None:
    with unit_of_work() as db:
        action(db, person(who), coffees.get_coffee(db, coffee_id))


def test_a_change_is_broadcast_to_participants_only(cast: Cast, open_socket: OpenSocket) -> None:
    with unit_of_work() as db:
        coffee_id = make_coffee(db, cast.circle, [cast.bram, cast.dana], answers={"Dana": "yes"}).id
    bram, dana, olga, anna = (open_socket(one) for one in (cast.bram, cast.dana, cast.olga, cast.anna))
    act(responses.accept_coffee, cast.bram, coffee_id)
    changed = [{"coffee": coffee_id, "state": "confirmed", "version": 2, "follows": None}]
    assert bram.received("coffees.changed") == changed
    assert dana.received("coffees.changed") == changed
    for outsider, socket in ((cast.olga, olga), (cast.anna, anna)):
        send_to_person(outsider.id, "test.fence", {"fence": 1})
        assert socket.received() == [{"fence": 1}]


def test_a_participant_who_left_a_trio_gets_no_more_frames(cast: Cast, open_socket: OpenSocket) -> None:
    with unit_of_work() as db:
        coffee_id = make_coffee(db, cast.circle, [cast.bram, cast.chris, cast.dana]).id
    act(responses.decline_coffee, cast.chris, coffee_id)
    bram, chris = open_socket(cast.bram), open_socket(cast.chris)
    act(responses.accept_coffee, cast.bram, coffee_id)
    assert bram.received("coffees.changed") == [
        {"coffee": coffee_id, "state": "proposed", "version": 2, "follows": None}
    ]
    send_to_person(cast.chris.id, "test.fence", {"fence": 1})
    assert chris.received() == [{"fence": 1}]


def test_an_outcome_is_not_broadcast_to_the_partner(cast: Cast, open_socket: OpenSocket) -> None:
    with unit_of_work() as db:
        start = clock.now() - timedelta(hours=1)
        coffee_id = make_coffee(
            db, cast.circle, [cast.bram, cast.dana], state="confirmed", starts_at=start
        ).id
    dana = open_socket(cast.dana)
    with unit_of_work() as db:
        coffee = coffees.get_coffee(db, coffee_id)
        data = forms.Outcome(took_place="yes", worth_it="no", again="no")
        outcomes.record_outcome(db, person(cast.bram), coffee, data)
    send_to_person(cast.dana.id, "test.fence", {"fence": 1})
    assert dana.received() == [{"fence": 1}]
