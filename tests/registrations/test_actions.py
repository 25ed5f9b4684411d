"""Registrations: one per person, never over capacity, and withdrawal."""

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from events.accounts.models import PersonalKey, User
from events.core import bus
from events.core.auth.actor import VISITOR, Actor
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden, NotFound
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream
from events.registrations import actions
from events.registrations.forms import GuestRequest, ShowName
from events.registrations.models import Registration
from events.registrations.queries.registrations import count_coming, list_coming, registration_of
from events.registrations.signals import GuestLinkIssued, RegistrationAdded, RegistrationWithdrawn
from tests.factories.accounts import make_user, run_jobs
from tests.factories.circles import make_member
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast, acting_as
from tests.support.types import SetClock

pytestmark = pytest.mark.postgres
_heard: list[object] = []
bus.after_commit(RegistrationAdded, RegistrationWithdrawn, GuestLinkIssued)(_heard.append)


@pytest.fixture(autouse=True)
def heard(set_clock: SetClock) -> list[object]:
    _heard.clear()
    return _heard


def holding(person: User, made: Livestream) -> Actor:
    return Actor(kind="key", person_id=person.id, keys=frozenset({("livestream", made.id)}))


def plan(cast: Cast, **more: Any) -> Livestream:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, **more)


def take(actor: Actor, made: Livestream) -> Registration:
    with unit_of_work() as db:
        return actions.add_registration(db, actor, get_livestream(db, made.id))


def give_up(actor: Actor, made: Livestream) -> None:
    with unit_of_work() as db:
        actions.withdraw_registration(db, actor, get_livestream(db, made.id))


def test_registering_is_idempotent(cast: Cast, heard: list[object]) -> None:
    made = plan(cast)
    first, second = take(acting_as(cast.bram), made), take(acting_as(cast.bram), made)
    assert first.id == second.id
    assert (second.state, second.sequence, second.guest) == ("coming", 0, False)
    assert heard == [RegistrationAdded(first.id)]


def test_a_key_registers_for_its_own_livestream_only(cast: Cast) -> None:
    made, other = plan(cast), plan(cast)
    assert take(holding(cast.bram, made), made).guest is False
    assert take(holding(cast.olga, made), made).guest is True
    with pytest.raises(Forbidden):
        take(holding(cast.chris, other), made)


def test_outsiders_and_visitors_cannot_register_for_a_members_only_livestream(cast: Cast) -> None:
    made = plan(cast)
    for actor in (acting_as(cast.olga), VISITOR):
        with pytest.raises(Forbidden):
            take(actor, made)


def test_anyone_signed_in_may_register_for_a_public_livestream(cast: Cast) -> None:
    made = plan(cast, audience="public")
    assert take(acting_as(cast.olga), made).guest is True
    with pytest.raises(Forbidden):
        take(VISITOR, made)


def test_only_open_livestreams_accept_registrations(cast: Cast) -> None:
    for state in ("ended", "replay", "cancelled"):
        with pytest.raises(Conflict) as refused:
            take(acting_as(cast.bram), plan(cast, state=state))
        assert refused.value.code == "registration_over"
    with pytest.raises(Forbidden):
        take(acting_as(cast.bram), plan(cast, state="draft"))


def test_withdrawing_and_registering_raise_the_calendar_sequence(cast: Cast, heard: list[object]) -> None:
    made = plan(cast)
    taken = take(acting_as(cast.bram), made)
    for _press in range(2):
        give_up(acting_as(cast.bram), made)
    with unit_of_work() as db:
        assert registration_of(db, cast.bram.id, made.id) is None
    again = take(acting_as(cast.bram), made)
    assert (again.id, again.state, again.sequence) == (taken.id, "coming", 2)
    assert heard == [
        RegistrationAdded(taken.id),
        RegistrationWithdrawn(taken.id),
        RegistrationAdded(taken.id),
    ]


def test_only_ones_own_registration_can_be_withdrawn(cast: Cast) -> None:
    made = plan(cast)
    take(acting_as(cast.bram), made)
    with pytest.raises(NotFound):
        give_up(acting_as(cast.chris), made)
    with pytest.raises(Forbidden):
        give_up(Actor(kind="key", person_id=cast.bram.id, keys=frozenset({("livestream", "other")})), made)
    with unit_of_work() as db:
        assert count_coming(db, made.id) == 1


def test_a_full_livestream_refuses_until_a_registration_is_withdrawn(cast: Cast) -> None:
    made = plan(cast, capacity=1)
    take(acting_as(cast.bram), made)
    with pytest.raises(Conflict) as refused:
        take(acting_as(cast.chris), made)
    assert refused.value.code == "full"
    assert take(acting_as(cast.bram), made).state == "coming"
    give_up(acting_as(cast.bram), made)
    assert take(acting_as(cast.chris), made).state == "coming"


def test_capacity_is_never_oversold_however_many_come_at_once(app: Flask, cast: Cast) -> None:
    with unit_of_work() as db:
        people = [make_user(db, f"Lid {number}") for number in range(16)]
        for person in people:
            make_member(db, cast.circle, person)
    made = plan(cast, capacity=5)
    gate = threading.Barrier(len(people) * 2)
    outcomes: list[str] = []

    def come(person: User) -> None:
        gate.wait()
        try:
            with app.app_context():
                take(acting_as(person), made)
            outcomes.append("in")
        except Conflict as refused:
            outcomes.append(refused.code)

    # Everyone registers twice: the second must neither fail nor use up capacity.
    threads = [threading.Thread(target=come, args=(person,)) for person in people for _press in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with unit_of_work() as db:
        coming = list_coming(db, made.id)
    assert len(coming) == 5
    assert len({registration.user_id for registration in coming}) == 5
    assert (outcomes.count("in"), outcomes.count("full")) == (10, 22)


def ask(made: Livestream, email: str, name: str = "Eva") -> None:
    with unit_of_work() as db:
        data = GuestRequest(name=name, email=email)
        actions.request_guest_link(db, VISITOR, get_livestream(db, made.id), data, "en")
    run_jobs()


def test_a_guest_request_issues_a_key_and_no_registration(cast: Cast, heard: list[object]) -> None:
    made = plan(cast)
    ask(made, "eva@example.test")
    with unit_of_work() as db:
        eva = db.scalars(select(User).where(User.email == "eva@example.test")).one()
        key = db.scalars(select(PersonalKey)).one()
        assert count_coming(db, made.id) == 0
    assert (eva.name, eva.confirmed_at, eva.password_hash) == ("Eva", None, None)
    assert (key.purpose, key.subject_id, key.user_id) == ("livestream", made.id, eva.id)
    assert heard == [GuestLinkIssued(made.id, eva.id, key.id)]


def test_a_known_address_gets_the_same_answer_and_keeps_its_name(cast: Cast, heard: list[object]) -> None:
    made = plan(cast)
    ask(made, cast.bram.email.upper(), name="Someone else")
    with unit_of_work() as db:
        bram = db.get_one(User, cast.bram.id)
    assert bram.name == "Bram"
    assert [type(signal) for signal in heard] == [GuestLinkIssued]


def test_guest_requests_require_a_livestream_open_to_guests(cast: Cast) -> None:
    closed = plan(cast)
    with unit_of_work() as db:
        get_livestream(db, closed.id).guests_allowed = False
    for made in (closed, plan(cast, state="draft"), plan(cast, state="ended")):
        with pytest.raises(Forbidden):
            ask(made, "eva@example.test")
    with unit_of_work() as db:
        assert db.scalars(select(PersonalKey)).all() == []


def test_a_guest_gets_the_link_to_a_full_livestream_too_for_its_waiting_list(
    cast: Cast, heard: list[object]
) -> None:
    made = plan(cast, capacity=1)
    take(acting_as(cast.bram), made)
    heard.clear()
    ask(made, "eva@example.test")
    assert [type(signal) for signal in heard] == [GuestLinkIssued]


def test_each_person_chooses_whether_to_be_named(cast: Cast) -> None:
    made = plan(cast)
    take(acting_as(cast.bram), made)
    with unit_of_work() as db:
        own = actions.show_name(db, acting_as(cast.bram), get_livestream(db, made.id), ShowName(show="no"))
    assert own.visible is False
    with unit_of_work() as db, pytest.raises(NotFound):
        actions.show_name(db, acting_as(cast.chris), get_livestream(db, made.id), ShowName(show="no"))
