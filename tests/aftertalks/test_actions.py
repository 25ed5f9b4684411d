"""Tests of the after-talk by the clock: pairing, late and absent participants."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete

from events.accounts.models import Block, User
from events.aftertalks import rules
from events.aftertalks.actions import attendance as matching_aftertalk
from events.aftertalks.actions import meet_again
from events.aftertalks.actions import turns as matching_talks
from events.aftertalks.models import Aftertalk, AftertalkParticipant
from events.aftertalks.queries import attendance as aftertalks
from events.aftertalks.queries.pages import page_of
from events.coffees.models import Coffee
from events.coffees.queries.coffees import taking_part
from events.coffees.rules import pairs
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden
from events.core.jobs import queue
from events.livestreams.actions.transitions import end_livestream
from events.livestreams.models import Livestream
from events.rounds.queries.met_pairs import met_pairs
from tests.factories.accounts import make_user
from tests.factories.aftertalks import make_aftertalk
from tests.factories.calls import make_call_stay
from tests.factories.circles import make_member
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.types import SetClock

pytestmark = pytest.mark.postgres


@pytest.fixture
def evening(cast: Cast, set_clock: SetClock) -> Livestream:
    """Livestream on air."""
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, state="live")


def members(cast: Cast, count: int) -> list[User]:
    people = [cast.anna, cast.bram, cast.chris, cast.dana]
    with unit_of_work() as db:
        for number in range(count - len(people)):
            people.append(make_user(db, f"Lid {number}"))
            make_member(db, cast.circle, people[-1])
    return people[:count]


def come(livestream: Livestream, *people: User) -> None:
    """Join, with open pages."""
    for user in people:
        with unit_of_work() as db:
            own = db.get_one(Livestream, livestream.id)
            matching_aftertalk.join_aftertalk(db, person(user), own)
            matching_aftertalk.enter_aftertalk(db, person(user), own, tab=f"tab-{user.id}")


def stay(livestream: Livestream, *people: User) -> None:
    """Heartbeats of their pages."""
    for user in people:
        with unit_of_work() as db:
            own = db.get_one(Livestream, livestream.id)
            matching_aftertalk.enter_aftertalk(db, person(user), own, tab=f"tab-{user.id}")


def end(livestream: Livestream) -> None:
    with unit_of_work() as db:
        end_livestream(db, SYSTEM, db.get_one(Livestream, livestream.id))


def pass_time(set_clock: SetClock, gap: timedelta) -> None:
    set_clock(gap)
    queue.run_due()


def begin(livestream: Livestream, set_clock: SetClock, *people: User) -> None:
    come(livestream, *people)
    end(livestream)
    pass_time(set_clock, rules.FIRST_TURN_DELAY)


def finish_turn(livestream: Livestream, set_clock: SetClock, *people: User) -> None:
    """Everyone talks until the end of the turn and stays for the next."""
    talk_for(livestream, *running(livestream))
    set_clock(rules.TALK_DURATION)
    stay(livestream, *people)
    queue.run_due()
    pass_time(set_clock, rules.REST_DURATION)


def talk_for(livestream: Livestream, *talks: Coffee) -> None:
    """Media reached all of their participants."""
    with unit_of_work() as db:
        for talk in talks:
            for place, seat in enumerate(talk.seats):
                make_call_stay(db, talk, seat.user, epoch=place + 1, connected_at=clock.now())


def state(livestream: Livestream) -> Aftertalk:
    with unit_of_work() as db:
        found = aftertalks.aftertalk_of(db, livestream.id)
        assert found is not None
        return found


def talks(livestream: Livestream) -> list[Coffee]:
    with unit_of_work() as db:
        return aftertalks.list_talks(db, state(livestream))


def running(livestream: Livestream) -> list[Coffee]:
    return [talk for talk in talks(livestream) if talk.state == "confirmed"]


def sizes(livestream: Livestream) -> list[int]:
    return sorted(len(talk.seats) for talk in running(livestream))


def partner_of(livestream: Livestream, user: User) -> User:
    (talk,) = [one for one in running(livestream) if user.id in {seat.user_id for seat in one.seats}]
    (other,) = [seat.user for seat in talk.seats if seat.user_id != user.id]
    return other


@pytest.mark.usefixtures("child_process")
def test_six_people_have_three_talks_with_three_others(
    cast: Cast, evening: Livestream, set_clock: SetClock
) -> None:
    people = members(cast, 6)
    begin(evening, set_clock, *people)
    for turn in (1, 2, 3):
        assert (state(evening).state, state(evening).turn, sizes(evening)) == ("talking", turn, [2, 2, 2])
        finish_turn(evening, set_clock, *people)
    assert (state(evening).state, state(evening).turn) == ("over", 3)
    had = [pair for talk in talks(evening) for pair in pairs(seat.user_id for seat in talk.seats)]
    assert len(had) == len(set(had)) == 9
    assert {talk.state for talk in talks(evening)} == {"met"}


def test_an_odd_participant_makes_a_trio(cast: Cast, evening: Livestream, set_clock: SetClock) -> None:
    begin(evening, set_clock, *members(cast, 5))
    assert sizes(evening) == [2, 3]


def test_a_talk_is_confirmed_at_once_without_mail(
    cast: Cast, evening: Livestream, set_clock: SetClock, outbox: Callable[[], list[object]]
) -> None:
    begin(evening, set_clock, cast.bram, cast.chris)
    (talk,) = running(evening)
    assert (talk.kind, talk.minutes, talk.occasion_id) == ("talk", 8, evening.id)
    assert {seat.answer for seat in talk.seats} == {"yes"}
    assert all(seat.reasons for seat in talk.seats)
    finish_turn(evening, set_clock, cast.bram, cast.chris)
    assert outbox() == []


def test_blocked_people_and_colleagues_are_never_paired(
    cast: Cast, evening: Livestream, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        db.add(Block(blocker_id=cast.bram.id, blocked_id=cast.chris.id, created_at=clock.now()))
        for user in (cast.anna, cast.dana):
            db.get_one(User, user.id).company = "Bakkerij De Kring"
    people = [cast.anna, cast.bram, cast.chris, cast.dana]
    begin(evening, set_clock, *people)
    finish_turn(evening, set_clock, *people)
    had = {pair for talk in talks(evening) for pair in pairs(seat.user_id for seat in talk.seats)}
    assert had
    assert frozenset((cast.bram.id, cast.chris.id)) not in had
    assert frozenset((cast.anna.id, cast.dana.id)) not in had


def test_earlier_partners_are_paired_again_only_as_a_last_resort(
    cast: Cast, evening: Livestream, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        make_coffee(db, cast.circle, [cast.bram, cast.chris], state="met")
    begin(evening, set_clock, cast.anna, cast.bram, cast.chris, cast.dana)
    assert partner_of(evening, cast.bram).id != cast.chris.id


def test_earlier_partners_still_talk_when_alone_together(
    cast: Cast, evening: Livestream, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        make_coffee(db, cast.circle, [cast.bram, cast.chris], state="met")
    begin(evening, set_clock, cast.bram, cast.chris)
    assert running(evening)[0].widened == ["met"]


def test_a_single_participant_waits_for_a_second(
    cast: Cast, evening: Livestream, set_clock: SetClock
) -> None:
    begin(evening, set_clock, cast.bram)
    assert (state(evening).state, talks(evening)) == ("gathering", [])
    stay(evening, cast.bram)
    come(evening, cast.chris)
    pass_time(set_clock, rules.START_DELAY)
    assert sizes(evening) == [2]


def test_an_empty_aftertalk_ends_after_ten_minutes(
    cast: Cast, evening: Livestream, set_clock: SetClock
) -> None:
    begin(evening, set_clock, cast.bram)
    pass_time(set_clock, rules.GATHERING_PERIOD)
    assert (state(evening).state, talks(evening)) == ("over", [])
    with pytest.raises(Conflict, match="nazit_over"):
        come(evening, cast.chris)


def test_absent_participants_are_not_paired(cast: Cast, evening: Livestream, set_clock: SetClock) -> None:
    with unit_of_work() as db:
        matching_aftertalk.join_aftertalk(db, person(cast.dana), db.get_one(Livestream, evening.id))
    begin(evening, set_clock, cast.bram, cast.chris)
    assert {seat.user_id for seat in running(evening)[0].seats} == {cast.bram.id, cast.chris.id}


def test_a_late_participant_joins_the_next_talk(cast: Cast, evening: Livestream, set_clock: SetClock) -> None:
    begin(evening, set_clock, cast.anna, cast.bram)
    set_clock(timedelta(minutes=2))
    come(evening, cast.chris)
    stay(evening, cast.anna, cast.bram)
    pass_time(set_clock, timedelta(seconds=10))
    assert sizes(evening) == [2]
    set_clock(state(evening).next_at or clock.now())
    stay(evening, cast.anna, cast.bram, cast.chris)
    queue.run_due()
    pass_time(set_clock, rules.REST_DURATION)
    assert sizes(evening) == [2]
    assert cast.chris.id in {seat.user_id for seat in running(evening)[0].seats}


def test_two_late_participants_are_paired_at_once(
    cast: Cast, evening: Livestream, set_clock: SetClock
) -> None:
    begin(evening, set_clock, cast.anna, cast.bram)
    set_clock(timedelta(minutes=2))
    come(evening, cast.chris, cast.dana)
    stay(evening, cast.anna, cast.bram)
    pass_time(set_clock, timedelta(seconds=10))
    assert sizes(evening) == [2, 2]
    late = next(talk for talk in running(evening) if cast.chris.id in {seat.user_id for seat in talk.seats})
    assert late.minutes == 6


def test_no_pairing_starts_in_the_last_seconds_of_a_slot(
    cast: Cast, evening: Livestream, set_clock: SetClock
) -> None:
    begin(evening, set_clock, cast.anna, cast.bram)
    set_clock(rules.TALK_DURATION - rules.MIN_TURN_LEFT + timedelta(seconds=1))
    come(evening, cast.chris, cast.dana)
    stay(evening, cast.anna, cast.bram)
    pass_time(set_clock, timedelta(seconds=10))
    assert sizes(evening) == [2]


def test_participants_without_a_partner_are_paired(
    cast: Cast, evening: Livestream, set_clock: SetClock
) -> None:
    people = members(cast, 4)
    begin(evening, set_clock, *people)
    talk_for(evening, *running(evening))
    one, other = (talk.seats[0].user for talk in running(evening))
    gone = [seat.user for talk in running(evening) for seat in talk.seats[1:]]
    for user in gone:
        with unit_of_work() as db:
            matching_aftertalk.mark_tab_closed(db, SYSTEM, f"tab-{user.id}")
    set_clock(rules.AWAY_TIMEOUT - timedelta(seconds=5))
    stay(evening, one, other)
    queue.run_due()
    assert partner_of(evening, one).id != other.id, "they may still come back"
    pass_time(set_clock, timedelta(seconds=10))
    assert partner_of(evening, one).id == other.id
    assert sorted(talk.state for talk in talks(evening)) == ["confirmed", "met", "met"]


def test_a_returning_participant_finds_the_same_talk(
    cast: Cast, evening: Livestream, set_clock: SetClock
) -> None:
    begin(evening, set_clock, cast.bram, cast.chris)
    with unit_of_work() as db:
        matching_aftertalk.mark_tab_closed(db, SYSTEM, f"tab-{cast.chris.id}")
    set_clock(timedelta(minutes=1))
    stay(evening, cast.bram)
    queue.run_due()
    with unit_of_work() as db:
        alone = aftertalks.list_unpaired(db, state(evening), clock.now())
    assert [place.user_id for place in alone] == [cast.bram.id]
    stay(evening, cast.chris)
    with unit_of_work() as db:
        assert aftertalks.list_unpaired(db, state(evening), clock.now()) == []
    assert partner_of(evening, cast.bram).id == cast.chris.id


def test_a_participant_who_stops_is_not_paired_until_rejoining(
    cast: Cast, evening: Livestream, set_clock: SetClock
) -> None:
    people = members(cast, 3)
    begin(evening, set_clock, *people)
    with unit_of_work() as db:
        matching_aftertalk.leave_aftertalk(db, person(cast.bram), db.get_one(Livestream, evening.id))
    with pytest.raises(Conflict, match="nazit_not_joined"):
        stay(evening, cast.bram)
    come(evening, cast.bram)
    with unit_of_work() as db:
        place = aftertalks.participant_of(db, state(evening).id, cast.bram.id)
    assert place is not None
    assert place.is_in


def test_a_talk_without_media_counts_as_not_met(cast: Cast, evening: Livestream, set_clock: SetClock) -> None:
    begin(evening, set_clock, cast.bram, cast.chris)
    set_clock(rules.TALK_DURATION)
    queue.run_due()
    with unit_of_work() as db:
        assert met_pairs(db, cast.circle.id, clock.now()) == set()
    assert [talk.state for talk in talks(evening)] == ["missed"]


def test_a_trio_member_without_media_counts_as_absent(
    cast: Cast, evening: Livestream, set_clock: SetClock
) -> None:
    begin(evening, set_clock, *members(cast, 3))
    (talk,) = running(evening)
    with unit_of_work() as db:
        for place, seat in enumerate(talk.seats[:2]):
            make_call_stay(db, talk, seat.user, epoch=place + 1, connected_at=clock.now())
    set_clock(rules.TALK_DURATION)
    queue.run_due()
    (talk,) = talks(evening)
    assert (talk.state, len(taking_part(talk))) == ("met", 2)


def test_a_repeated_step_has_no_effect(cast: Cast, evening: Livestream, set_clock: SetClock) -> None:
    begin(evening, set_clock, cast.bram, cast.chris)
    aftertalk = state(evening)
    with unit_of_work() as db:
        plan: dict[str, object] = {"coffees": [], "without": []}
        matching_talks.begin_turn(db, SYSTEM, aftertalk, aftertalk.step - 1, plan)
        matching_talks.end_turn(db, SYSTEM, aftertalk, aftertalk.step - 1)
    assert (state(evening).state, state(evening).step) == ("talking", aftertalk.step)


def test_a_disabled_aftertalk_never_starts(cast: Cast, evening: Livestream, set_clock: SetClock) -> None:
    come(evening, cast.bram, cast.chris)
    with unit_of_work() as db:
        db.get_one(Livestream, evening.id).aftertalk = False
    end(evening)
    pass_time(set_clock, rules.FIRST_TURN_DELAY)
    assert (state(evening).state, talks(evening)) == ("over", [])


def test_an_outsider_cannot_join(cast: Cast, evening: Livestream) -> None:
    with unit_of_work() as db, pytest.raises(Forbidden):
        matching_aftertalk.join_aftertalk(db, person(cast.olga), db.get_one(Livestream, evening.id))


def test_blocked_people_read_the_same_as_a_single_participant(
    cast: Cast, evening: Livestream, set_clock: SetClock
) -> None:
    told = []
    for blocked in (False, True):
        company = [cast.bram, cast.chris] if blocked else [cast.bram]
        with unit_of_work() as db:
            db.execute(delete(AftertalkParticipant))
            db.execute(delete(Aftertalk))
            livestream = db.get_one(Livestream, evening.id)
            livestream.state = "ended"
            aftertalk = make_aftertalk(db, livestream, next_at=clock.now() + rules.GATHERING_PERIOD)
            if blocked:
                db.add(Block(blocker_id=cast.chris.id, blocked_id=cast.bram.id, created_at=clock.now()))
        for who in company:
            with unit_of_work() as db:
                matching_aftertalk.join_aftertalk(db, person(who), db.get_one(Livestream, evening.id))
            with unit_of_work() as db:
                matching_aftertalk.enter_aftertalk(
                    db, person(who), db.get_one(Livestream, evening.id), tab=f"tab-{who.name}"
                )
        with unit_of_work() as db:
            seen = page_of(db, person(cast.bram), db.get_one(Livestream, evening.id))
            told.append((seen.status, seen.people, seen.seconds, db.get_one(Aftertalk, aftertalk.id).step))
    assert told[0] == told[1]
    assert told[0][:2] == ("company", 1)


def test_a_block_after_the_talk_hides_the_wish_to_meet_again(
    cast: Cast, evening: Livestream, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        livestream = db.get_one(Livestream, evening.id)
        livestream.state = "ended"
        aftertalk = make_aftertalk(db, livestream, cast.bram, cast.chris, state="over", turn=1)
        talk = make_coffee(db, cast.circle, [cast.bram, cast.chris], state="met", round_id=aftertalk.id)
        talk.kind, talk.occasion_id = "talk", livestream.id
        meet_again.record_meet_again(db, person(cast.chris), aftertalk, talk, again=True)
        db.add(Block(blocker_id=cast.chris.id, blocked_id=cast.bram.id, created_at=clock.now()))
        db.flush()
        meet_again.record_meet_again(db, person(cast.bram), aftertalk, talk, again=True)
        made = db.query(Coffee).filter_by(follows_id=talk.id).one()
        assert {seat.user_id: seat.delivered for seat in made.seats} == {
            cast.bram.id: True,
            cast.chris.id: False,
        }
