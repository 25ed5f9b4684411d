"""The waiting list: who is next, for how long a place is kept, and what everybody reads meanwhile."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from events.accounts.models import User
from events.circles.actions.members import remove_member
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor
from events.core.bus import announce
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden, NotFound
from events.core.runtime import runtime
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream
from events.livestreams.signals import CapacityChanged, LivestreamMoved
from events.registrations import actions
from events.registrations.jobs import move_waiting_lists_up
from events.registrations.models import Registration
from events.registrations.queries.panels import panel_of
from events.registrations.queries.registrations import count_coming, find_registration
from events.registrations.queries.waiting_list import list_waiting
from tests.factories.accounts import make_user
from tests.factories.livestreams import make_livestream
from tests.factories.presence import make_stay
from tests.factories.registrations import make_registration
from tests.support.cast import Cast, acting_as
from tests.support.types import OpenPage, SetClock

pytestmark = pytest.mark.postgres
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_noon(set_clock: SetClock) -> None:
    """A Monday in November, at an hour at which places are offered."""


def full(cast: Cast, *takers: User, ahead: timedelta = 7 * DAY, **more: Any) -> Livestream:
    """A livestream with as many places as `takers`."""
    with unit_of_work() as db:
        made = make_livestream(
            db, cast.circle, cast.anna, capacity=len(takers) or 1, starts_at=clock.now() + ahead, **more
        )
        for taker in takers:
            make_registration(db, made, taker)
        return made


def act(action: Any, actor: Actor, made: Livestream) -> Any:
    with unit_of_work() as db:
        return action(db, actor, get_livestream(db, made.id))


def wait(person: User, made: Livestream) -> Registration:
    """Each a second after the one before."""
    registration: Registration = act(actions.join_waiting_list, acting_as(person), made)
    runtime.clock = partial(lambda moment: moment, clock.now() + timedelta(seconds=1))
    return registration


def take(person: User, made: Livestream) -> Registration:
    registration: Registration = act(actions.add_registration, acting_as(person), made)
    return registration


def give_up(person: User, made: Livestream) -> None:
    act(actions.withdraw_registration, acting_as(person), made)


def state_of(person: User, made: Livestream) -> str:
    with unit_of_work() as db:
        found = find_registration(db, person.id, made.id)
    return found.state if found is not None else ""


def answer_by(person: User, made: Livestream) -> datetime | None:
    with unit_of_work() as db:
        found = find_registration(db, person.id, made.id)
    return found.answer_by if found is not None else None


def test_a_place_that_comes_free_is_offered_to_the_first_in_line(cast: Cast) -> None:
    made = full(cast, cast.dana)
    assert wait(cast.bram, made).state == "waiting"
    assert wait(cast.chris, made).state == "waiting"
    give_up(cast.dana, made)
    assert (state_of(cast.bram, made), state_of(cast.chris, made)) == ("offered", "waiting")
    assert answer_by(cast.bram, made) == clock.now() + DAY
    assert take(cast.bram, made).state == "coming"


def test_an_offered_place_is_held_and_goes_to_nobody_else(cast: Cast) -> None:
    made = full(cast, cast.dana)
    wait(cast.bram, made)
    give_up(cast.dana, made)
    with pytest.raises(Conflict) as refused:
        take(cast.dana, made)
    assert refused.value.code == "full"
    assert wait(cast.dana, made).state == "waiting"


def test_nobody_passes_those_who_wait_while_a_place_is_free_at_night(cast: Cast, set_clock: SetClock) -> None:
    made = full(cast, cast.dana)
    wait(cast.bram, made)
    set_clock(timedelta(hours=24 - clock.now().hour))  # midnight, in UTC
    give_up(cast.dana, made)
    assert state_of(cast.bram, made) == "waiting"
    with pytest.raises(Conflict):
        take(cast.chris, made)
    set_clock(timedelta(hours=8))
    move_waiting_lists_up()
    assert state_of(cast.bram, made) == "offered"


def test_members_go_before_guests(cast: Cast) -> None:
    made = full(cast, cast.dana, audience="public")
    wait(cast.olga, made)
    wait(cast.bram, made)
    give_up(cast.dana, made)
    assert (state_of(cast.bram, made), state_of(cast.olga, made)) == ("offered", "waiting")


def test_without_an_answer_the_place_goes_to_the_next(cast: Cast, set_clock: SetClock) -> None:
    made = full(cast, cast.dana)
    wait(cast.bram, made)
    wait(cast.chris, made)
    give_up(cast.dana, made)
    set_clock(DAY - timedelta(minutes=1))
    move_waiting_lists_up()
    assert state_of(cast.bram, made) == "offered"
    set_clock(timedelta(minutes=1))
    move_waiting_lists_up()
    assert (state_of(cast.bram, made), state_of(cast.chris, made)) == ("lapsed", "offered")
    with pytest.raises(Conflict):
        take(cast.bram, made)
    assert wait(cast.bram, made).state == "waiting"


def test_letting_it_go_offers_the_place_at_once(cast: Cast) -> None:
    made = full(cast, cast.dana)
    wait(cast.bram, made)
    wait(cast.chris, made)
    give_up(cast.dana, made)
    for _press in range(2):
        act(actions.leave_waiting_list, acting_as(cast.bram), made)
    assert (state_of(cast.bram, made), state_of(cast.chris, made)) == ("left", "offered")


def test_whoever_leaves_the_list_is_not_offered_anything(cast: Cast) -> None:
    made = full(cast, cast.dana)
    wait(cast.bram, made)
    act(actions.leave_waiting_list, acting_as(cast.bram), made)
    give_up(cast.dana, made)
    assert state_of(cast.bram, made) == "left"
    assert take(cast.chris, made).state == "coming"


def test_more_places_are_offered_in_order_and_no_more_than_there_are(cast: Cast) -> None:
    made = full(cast, cast.dana)
    wait(cast.bram, made)
    wait(cast.chris, made)
    with unit_of_work() as db:
        get_livestream(db, made.id).capacity = 2
        announce(db, CapacityChanged(made.id))
    assert (state_of(cast.bram, made), state_of(cast.chris, made)) == ("offered", "waiting")
    with unit_of_work() as db:
        get_livestream(db, made.id).capacity = None
        announce(db, CapacityChanged(made.id))
    assert state_of(cast.chris, made) == "offered"


def test_a_removed_member_makes_room_and_leaves_the_list(cast: Cast) -> None:
    made = full(cast, cast.dana)
    wait(cast.chris, made)
    wait(cast.bram, made)
    for person in (cast.chris, cast.dana):
        with unit_of_work() as db:
            remove_member(db, acting_as(cast.anna), cast.circle, person.id)
    assert (state_of(cast.chris, made), state_of(cast.bram, made)) == ("left", "offered")


def test_shortly_before_the_start_places_go_to_whoever_is_first(cast: Cast, set_clock: SetClock) -> None:
    made = full(cast, cast.dana, ahead=timedelta(hours=5))
    wait(cast.bram, made)
    wait(cast.chris, made)
    set_clock(timedelta(hours=3))
    move_waiting_lists_up()
    assert (state_of(cast.bram, made), state_of(cast.chris, made)) == ("called", "called")
    with pytest.raises(Conflict) as refused:
        wait(cast.anna, made)
    assert refused.value.code == "list_closed"
    give_up(cast.dana, made)
    assert take(cast.chris, made).state == "coming"
    with pytest.raises(Conflict):
        take(cast.bram, made)


def test_moved_to_a_later_day_the_list_goes_on(cast: Cast, set_clock: SetClock) -> None:
    made = full(cast, cast.dana, ahead=timedelta(hours=5))
    wait(cast.bram, made)
    set_clock(timedelta(hours=3))
    move_waiting_lists_up()
    with unit_of_work() as db:
        moved = get_livestream(db, made.id)
        moved.starts_at, moved.ends_at = moved.starts_at + 7 * DAY, moved.ends_at + 7 * DAY
        announce(db, LivestreamMoved(made.id))
    assert state_of(cast.bram, made) == "waiting"
    give_up(cast.dana, made)
    assert state_of(cast.bram, made) == "offered"


def test_with_a_place_free_the_list_is_not_needed(cast: Cast) -> None:
    made = full(cast)
    assert wait(cast.bram, made).state == "coming"
    assert wait(cast.bram, made).state == "coming"


def test_outsiders_cannot_wait_nor_take_anybody_off_the_list(cast: Cast) -> None:
    made = full(cast, cast.dana)
    wait(cast.bram, made)
    with pytest.raises(Forbidden):
        wait(cast.olga, made)
    with pytest.raises(NotFound):
        act(actions.leave_waiting_list, acting_as(cast.chris), made)
    with unit_of_work() as db, pytest.raises(Forbidden):
        actions.move_waiting_list_up(db, acting_as(cast.anna), made.id)
    assert state_of(cast.bram, made) == "waiting"


def test_only_the_team_reads_the_list(cast: Cast) -> None:
    made = full(cast, cast.dana)
    wait(cast.bram, made)
    with unit_of_work() as db:
        listed = list_waiting(db, acting_as(cast.anna), get_livestream(db, made.id))
        assert [row.user_id for row in listed.rows] == [cast.bram.id]
        for actor in (acting_as(cast.chris), acting_as(cast.olga)):
            with pytest.raises((Forbidden, NotFound)):
                list_waiting(db, actor, get_livestream(db, made.id))


def test_the_team_finds_the_list_while_a_place_is_offered_and_after_the_last_call(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    made = full(cast, cast.dana, ahead=timedelta(hours=5))
    wait(cast.bram, made)
    wait(cast.chris, made)
    give_up(cast.dana, made)
    act(actions.leave_waiting_list, acting_as(cast.chris), made)
    anna = page(cast.anna)
    for state, hours in ("offered", 0), ("called", 3):
        with unit_of_work() as db:
            registration = find_registration(db, cast.bram.id, made.id)
            assert registration is not None
            registration.state = state
        set_clock(timedelta(hours=hours))
        attendees = anna.get(f"/livestreams/{made.slug}/registrations").text
        assert "One person is on the waiting list" in attendees, state
        assert "One person is on the waiting list" in anna.get(f"/livestreams/{made.slug}/waiting-list").text


def test_what_others_see_does_not_tell_who_waits(cast: Cast) -> None:
    made = full(cast, cast.dana)
    wait(cast.bram, made)
    with unit_of_work() as db:
        seen = panel_of(db, acting_as(cast.chris), get_livestream(db, made.id))
        own = panel_of(db, acting_as(cast.bram), get_livestream(db, made.id))
    assert (seen.coming, [person.id for person in seen.people], seen.in_line) == (1, [cast.dana.id], None)
    assert own.in_line is not None
    assert own.registration is None


def test_the_page_puts_one_on_the_list_and_an_offer_is_taken_in_one_press(cast: Cast, page: OpenPage) -> None:
    made = full(cast, cast.dana)
    bram = page(cast.bram)
    assert "Put me on the waiting list" in bram.get(f"/livestreams/{made.slug}").text
    bram.post(f"/livestreams/{made.slug}/wait")
    waiting = bram.get(f"/livestreams/{made.slug}").text
    assert "On the waiting list" in waiting
    assert "Put me on" not in waiting
    assert f'action="/livestreams/{made.slug}/registration"' not in waiting
    give_up(cast.dana, made)
    offered = bram.get(f"/livestreams/{made.slug}/place").text
    assert "A place is kept for you until" in offered
    bram.post(f"/livestreams/{made.slug}/registration")
    assert state_of(cast.bram, made) == "coming"
    with unit_of_work() as db:
        assert count_coming(db, made.id) == 1


def test_olga_cannot_wait_at_the_page_of_a_members_evening(cast: Cast, page: OpenPage) -> None:
    made = full(cast, cast.dana)
    assert page(cast.olga).post(f"/livestreams/{made.slug}/wait").status_code == 404
    assert page(cast.bram).get(f"/livestreams/{made.slug}/waiting-list").status_code == 404
    shown = page(cast.anna).get(f"/livestreams/{made.slug}/waiting-list").text
    assert "Nobody is on the waiting list" in shown


def test_afterwards_the_team_reads_who_came_and_only_how_many_did_not(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        made = make_livestream(db, cast.circle, cast.anna, state="ended", starts_at=clock.now())
        made.ended_at = clock.now() + timedelta(hours=1)
        eva = make_user(db, "Eva Zonder")
        for person in (cast.bram, cast.chris, eva):
            make_registration(db, made, person)
        for person in (cast.bram, cast.dana, cast.anna):
            make_stay(db, made, person, seen_at=clock.now() + timedelta(minutes=30))
    shown = page(cast.anna).get(f"/livestreams/{made.slug}/registrations").text
    assert "2 people came" in shown
    assert "3 people had registered" in shown
    assert "2 of them did not come" in shown
    assert "Bram" in shown
    assert "Dana" in shown
    assert "Eva Zonder" not in shown
    assert "Chris" not in shown.partition("<main")[2]
    assert page(cast.bram).get(f"/livestreams/{made.slug}/registrations").status_code == 404


def test_the_job_and_pages_look_at_nothing_when_nobody_waits(cast: Cast) -> None:
    made = full(cast, cast.dana)
    move_waiting_lists_up()
    with unit_of_work() as db:
        actions.move_waiting_list_up(db, SYSTEM, made.id)
    assert state_of(cast.dana, made) == "coming"
