"""Places: one each, never more than fit, and given up without a word."""

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
from events.registrations.queries import count_coming, list_coming, registration_of
from events.registrations.signals import GuestLinkIssued, RegistrationAdded, RegistrationWithdrawn
from tests.factories.accounts import make_user, run_jobs
from tests.factories.circles import make_member
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.types import SetClock

pytestmark = pytest.mark.postgres
_heard: list[object] = []
bus.after_commit(RegistrationAdded, RegistrationWithdrawn, GuestLinkIssued)(_heard.append)


@pytest.fixture(autouse=True)
def heard(set_clock: SetClock) -> list[object]:
    _heard.clear()
    return _heard


def acting(person: User) -> Actor:
    return Actor(kind="person", person_id=person.id, name=person.name, sign_in_id="s")


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


def test_a_member_comes_and_twice_is_once(cast: Cast, heard: list[object]) -> None:
    made = plan(cast)
    first, second = take(acting(cast.bram), made), take(acting(cast.bram), made)
    assert first.id == second.id
    assert (second.state, second.sequence, second.guest) == ("coming", 0, False)
    assert heard == [RegistrationAdded(first.id)]


def test_the_key_of_this_livestream_is_enough_and_that_of_another_is_not(cast: Cast) -> None:
    made, other = plan(cast), plan(cast)
    assert take(holding(cast.bram, made), made).guest is False
    assert take(holding(cast.olga, made), made).guest is True
    with pytest.raises(Forbidden):
        take(holding(cast.chris, other), made)


def test_outsiders_and_visitors_take_no_place_among_members(cast: Cast) -> None:
    made = plan(cast)
    for actor in (acting(cast.olga), VISITOR):
        with pytest.raises(Forbidden):
            take(actor, made)


def test_a_public_livestream_takes_everyone_who_is_somebody(cast: Cast) -> None:
    made = plan(cast, audience="public")
    assert take(acting(cast.olga), made).guest is True
    with pytest.raises(Forbidden):
        take(VISITOR, made)


def test_nobody_comes_to_what_is_over_or_not_yet_announced(cast: Cast) -> None:
    for state in ("ended", "replay", "cancelled"):
        with pytest.raises(Conflict) as refused:
            take(acting(cast.bram), plan(cast, state=state))
        assert refused.value.code == "registration_over"
    with pytest.raises(Forbidden):
        take(acting(cast.bram), plan(cast, state="draft"))


def test_a_place_given_up_and_taken_again_moves_the_calendar_entry_on(
    cast: Cast, heard: list[object]
) -> None:
    made = plan(cast)
    taken = take(acting(cast.bram), made)
    for _press in range(2):
        give_up(acting(cast.bram), made)
    with unit_of_work() as db:
        assert registration_of(db, cast.bram.id, made.id) is None
    again = take(acting(cast.bram), made)
    assert (again.id, again.state, again.sequence) == (taken.id, "coming", 2)
    assert heard == [
        RegistrationAdded(taken.id),
        RegistrationWithdrawn(taken.id),
        RegistrationAdded(taken.id),
    ]


def test_one_gives_up_no_place_but_ones_own(cast: Cast) -> None:
    made = plan(cast)
    take(acting(cast.bram), made)
    with pytest.raises(NotFound):
        give_up(acting(cast.chris), made)
    with pytest.raises(Forbidden):
        give_up(Actor(kind="key", person_id=cast.bram.id, keys=frozenset({("livestream", "other")})), made)
    with unit_of_work() as db:
        assert count_coming(db, made.id) == 1


def test_a_full_livestream_says_so_and_a_free_place_is_taken(cast: Cast) -> None:
    made = plan(cast, capacity=1)
    take(acting(cast.bram), made)
    with pytest.raises(Conflict) as refused:
        take(acting(cast.chris), made)
    assert refused.value.code == "full"
    assert take(acting(cast.bram), made).state == "coming"
    give_up(acting(cast.bram), made)
    assert take(acting(cast.chris), made).state == "coming"


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
                take(acting(person), made)
            outcomes.append("in")
        except Conflict as refused:
            outcomes.append(refused.code)

    # Everyone presses twice: the second press must neither fail nor take another's place.
    threads = [threading.Thread(target=come, args=(person,)) for person in people for _press in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with unit_of_work() as db:
        coming = list_coming(db, made.id)
    assert len(coming) == 5
    assert len({one.user_id for one in coming}) == 5
    assert (outcomes.count("in"), outcomes.count("full")) == (10, 22)


def ask(made: Livestream, email: str, name: str = "Eva") -> None:
    with unit_of_work() as db:
        data = GuestRequest(name=name, email=email)
        actions.request_guest_link(db, VISITOR, get_livestream(db, made.id), data, "en")
    run_jobs()


def test_a_guest_gets_a_key_and_no_place_yet(cast: Cast, heard: list[object]) -> None:
    made = plan(cast)
    ask(made, "eva@example.test")
    with unit_of_work() as db:
        eva = db.scalars(select(User).where(User.email == "eva@example.test")).one()
        key = db.scalars(select(PersonalKey)).one()
        assert count_coming(db, made.id) == 0
    assert (eva.name, eva.confirmed_at, eva.password_hash) == ("Eva", None, None)
    assert (key.purpose, key.subject_id, key.user_id) == ("livestream", made.id, eva.id)
    assert heard == [GuestLinkIssued(made.id, eva.id, key.id)]


def test_a_known_address_is_answered_alike_and_keeps_its_name(cast: Cast, heard: list[object]) -> None:
    made = plan(cast)
    ask(made, cast.bram.email.upper(), name="Someone else")
    with unit_of_work() as db:
        bram = db.get_one(User, cast.bram.id)
    assert bram.name == "Bram"
    assert [type(signal) for signal in heard] == [GuestLinkIssued]


def test_guests_come_only_where_they_are_welcome(cast: Cast) -> None:
    closed = plan(cast)
    with unit_of_work() as db:
        get_livestream(db, closed.id).guests_allowed = False
    for made in (closed, plan(cast, state="draft"), plan(cast, state="ended")):
        with pytest.raises(Forbidden):
            ask(made, "eva@example.test")
    with unit_of_work() as db:
        assert db.scalars(select(PersonalKey)).all() == []


def test_a_guest_of_a_full_livestream_hears_so_at_once(cast: Cast) -> None:
    made = plan(cast, capacity=1)
    take(acting(cast.bram), made)
    with pytest.raises(Conflict) as refused:
        ask(made, "eva@example.test")
    assert refused.value.code == "full"


def test_whether_one_is_named_is_ones_own_choice(cast: Cast) -> None:
    made = plan(cast)
    take(acting(cast.bram), made)
    with unit_of_work() as db:
        own = actions.show_name(db, acting(cast.bram), get_livestream(db, made.id), ShowName(show="no"))
    assert own.visible is False
    with unit_of_work() as db, pytest.raises(NotFound):
        actions.show_name(db, acting(cast.chris), get_livestream(db, made.id), ShowName(show="no"))
