"""Tests of whole rounds through the real child process: publication, repair, late opt-ins, unmatched
people.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import Block, User
from events.availability.models import Claim
from events.circles.actions.members import leave_circle
from events.circles.models import Circle
from events.circles.queries.circles import find_membership
from events.coffees.actions.replacements import accept_replacement
from events.coffees.actions.responses import accept_coffee, cancel_coffee, decline_coffee
from events.coffees.models import Coffee
from events.coffees.queries.coffees import list_of_round
from events.coffees.rules import REPLACEMENT_NEWS_WITHIN
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor
from events.core.bus import on
from events.core.db.session import unit_of_work
from events.core.errors import Conflict
from events.core.jobs import queue
from events.livestreams.actions.transitions import end_livestream
from events.livestreams.queries.livestreams import get_livestream
from events.rounds import jobs
from events.rounds.actions import lifecycle as matching_rounds
from events.rounds.actions import opting_in, publishing
from events.rounds.forms import OptInForm
from events.rounds.models import FairnessScore, Round, Run
from events.rounds.queries import rounds, solver_input
from events.rounds.rules import timeline
from events.rounds.rules.draft_edits import Planned
from events.rounds.signals import PersonUnmatched
from tests.architecture.test_query_counts import listening
from tests.factories.accounts import make_user
from tests.factories.circles import make_interest, make_member
from tests.factories.livestreams import make_livestream
from tests.factories.rounds import make_round, make_yes
from tests.support.cast import Cast
from tests.support.types import SetClock

MAX_STATEMENTS_A_COFFEE = 16

told: list[PersonUnmatched] = []


@on(PersonUnmatched)
def listen(_db: Session, signal: PersonUnmatched) -> None:
    told.append(signal)


@pytest.fixture(autouse=True)
def _forget() -> None:
    told.clear()


def person(user: User) -> Actor:
    return Actor(kind="person", person_id=user.id, name=user.name)


def open_evening(cast: Cast, *users: User, **more: object) -> Round:
    """Open round to which these people opted in at all its times."""
    with unit_of_work() as db:
        round_ = make_round(db, make_livestream(db, cast.circle, cast.anna, state="ended"))
        for user in users:
            make_yes(db, round_, user, **more)  # type: ignore[arg-type]  # whatever the test needs
        return round_


def publish(round_: Round, set_clock: SetClock) -> None:
    set_clock(round_.publish_at)
    jobs.match_round(round_.id)


def coffees_of(round_: Round, *states: str) -> list[Coffee]:
    with unit_of_work() as db:
        found = list_of_round(db, round_.id)
        return [coffee for coffee in found if not states or coffee.state in states]


def people_of(coffee: Coffee) -> set[str]:
    return {seat.user_id for seat in coffee.seats}


def state_of(round_: Round, user: User) -> str:
    with unit_of_work() as db:
        yes = rounds.opt_in_of(db, round_.id, user.id)
        assert yes is not None
        return yes.state


@pytest.mark.usefixtures("child_process")
def test_twelve_people_get_coffees_at_times_and_in_formats_they_chose(
    cast: Cast, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        round_ = make_round(db, make_livestream(db, cast.circle, cast.anna, state="ended"))
        people = [cast.anna, cast.bram, cast.chris, cast.dana]
        for number in range(8):
            people.append(make_user(db, f"Lid {number}"))
            make_member(db, cast.circle, people[-1])
        for place, user in enumerate(people):
            times = [text for turn, text in enumerate(round_.times) if (turn + place) % 4 != 0]
            make_yes(
                db, round_, user, times=times, forms=["online", "phone"] if place % 2 else ["online"],
                on_my_mind=f"Over {place}",
            )  # fmt: skip
    publish(round_, set_clock)
    coffees = coffees_of(round_)
    seated = [user_id for coffee in coffees for user_id in people_of(coffee)]
    assert sorted(seated) == sorted(user.id for user in people)
    with unit_of_work() as db:
        chosen = {yes.user_id: yes for yes in rounds.list_opt_ins(db, round_.id, "matched")}
        run = db.scalars(select(Run)).one()
    assert len(chosen) == 12
    assert json.loads(run.output)["stats"]["seated"] == 12
    for coffee in coffees:
        for seat in coffee.seats:
            yes = chosen[seat.user_id]
            assert coffee.starts_at.isoformat() in yes.times
            assert coffee.form in yes.forms
            assert {timeline.format_utc(timeline.parse_time(text)) for text in coffee.alternatives} <= set(
                yes.times
            )
            assert {reason["with"] for reason in seat.reasons} == people_of(coffee) - {seat.user_id}
            assert seat.on_my_mind == yes.on_my_mind
        assert coffee.answer_by == clock.now() + timedelta(hours=48)
        assert coffee.occasion_id == round_.livestream_id
    assert told == []


def test_reasons_name_topics_in_both_languages_and_both_ways(cast: Cast, set_clock: SetClock) -> None:
    round_ = open_evening(cast, cast.bram, cast.chris)
    with unit_of_work() as db:
        bram = find_membership(db, cast.bram.id, cast.circle.id)
        chris = find_membership(db, cast.chris.id, cast.circle.id)
        assert bram is not None
        assert chris is not None
        interest = make_interest(db, bram, "asks", "personeel vinden")
        interest.topic.name_en = "finding staff"
        make_interest(db, chris, "offers", "personeel vinden")
    publish(round_, set_clock)
    [coffee] = coffees_of(round_)
    reasons = {seat.user_id: seat.reasons for seat in coffee.seats}
    named = {"topic": "personeel vinden", "topic_en": "finding staff"}
    assert reasons[cast.bram.id] == [{"code": "offers", "with": cast.chris.id, **named}]
    assert reasons[cast.chris.id] == [{"code": "asks", "with": cast.bram.id, **named}]
    with unit_of_work() as db:
        luck = rounds.fairness_of(db, cast.circle.id, [cast.bram.id, cast.chris.id])
    assert luck[cast.bram.id].amount > luck[cast.chris.id].amount > 0


def test_blocked_people_never_meet(cast: Cast, set_clock: SetClock) -> None:
    round_ = open_evening(cast, cast.bram, cast.chris)
    with unit_of_work() as db:
        db.add(Block(blocker_id=cast.chris.id, blocked_id=cast.bram.id, created_at=clock.now()))
    publish(round_, set_clock)
    assert coffees_of(round_) == []
    assert {signal.user_id for signal in told} == {cast.bram.id, cast.chris.id}


def test_a_repeated_run_proposes_once(cast: Cast, set_clock: SetClock) -> None:
    round_ = open_evening(cast, cast.bram, cast.chris)
    publish(round_, set_clock)
    jobs.match_round(round_.id)
    jobs.run_wave(round_.id, "0")
    assert len(coffees_of(round_)) == 1


def test_two_jobs_at_once_propose_once(app: Flask, cast: Cast, set_clock: SetClock) -> None:
    round_ = open_evening(cast, cast.bram, cast.chris)
    set_clock(round_.publish_at)

    def run(_number: int) -> None:
        with app.app_context():
            jobs.match_round(round_.id)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))
    assert len(coffees_of(round_)) == 1
    with unit_of_work() as db:
        assert len(list(db.scalars(select(Run)))) == 1


def test_a_coffee_of_a_round_takes_few_statements_however_large_the_round_is(
    cast: Cast, set_clock: SetClock
) -> None:
    """Per coffee: the proposal and its expiry; per person: a mail with its job and a reminder."""

    def publish_coffees(pairs: int) -> int:
        with unit_of_work() as db:
            people = [make_user(db, f"Lid {pairs} {number}") for number in range(2 * pairs)]
            for one in people:
                make_member(db, cast.circle, one)
        round_ = open_evening(cast, *people, trio=False)
        set_clock(round_.publish_at)
        with unit_of_work() as db:
            matching_rounds.begin_matching(db, SYSTEM, round_)
            problem = solver_input.problem_of(db, round_, 0)
        plan = [
            planned(round_, one.id, other.id) for one, other in zip(people[::2], people[1::2], strict=True)
        ]
        with listening() as statements, unit_of_work() as db:
            assert publishing.publish_round(db, SYSTEM, round_, 0, problem, plan)
        assert len(coffees_of(round_)) == pairs
        return len(statements)

    few, many = publish_coffees(2), publish_coffees(12)
    assert (many - few) / 10 <= MAX_STATEMENTS_A_COFFEE


def planned(round_: Round, one: str, other: str) -> Planned:
    reasons: dict[str, list[dict[str, str]]] = {
        one: [{"code": "new", "with": other}],
        other: [{"code": "new", "with": one}],
    }
    return {
        "people": [one, other],
        "starts_at": round_.times[0],
        "alternatives": [],
        "form": "online",
        "reasons": reasons,
        "widened": [],
    }


def test_a_round_is_not_published_before_its_time(cast: Cast, set_clock: SetClock) -> None:
    round_ = open_evening(cast, cast.bram, cast.chris)
    set_clock(round_.publish_at - timedelta(seconds=1))
    jobs.match_round(round_.id)
    assert coffees_of(round_) == []


def test_a_plan_from_other_rows_is_not_published(cast: Cast, set_clock: SetClock) -> None:
    round_ = open_evening(cast, cast.bram, cast.chris)
    set_clock(round_.publish_at)
    with unit_of_work() as db:
        assert matching_rounds.begin_matching(db, SYSTEM, round_)
    with unit_of_work() as db:
        problem = solver_input.problem_of(db, round_, 0)
        db.add(Block(blocker_id=cast.chris.id, blocked_id=cast.bram.id, created_at=clock.now()))
    with unit_of_work() as db, pytest.raises(Conflict, match="round_changed"):
        publishing.publish_round(db, SYSTEM, round_, 0, problem, [])


def test_an_empty_round_is_published_without_coffees(cast: Cast, set_clock: SetClock) -> None:
    round_ = open_evening(cast)
    publish(round_, set_clock)
    with unit_of_work() as db:
        assert db.get_one(Round, round_.id).state == "published"
    assert told == []


def test_a_partner_left_by_a_decline_is_paired_again(cast: Cast, set_clock: SetClock) -> None:
    round_ = open_evening(cast, cast.anna, cast.bram, cast.chris, cast.dana, trio=False)
    publish(round_, set_clock)
    first = coffees_of(round_)
    assert len(first) == 2
    decliners = set()
    for coffee in first:
        decliner, other = (seat.user for seat in coffee.seats)
        decliners.add(decliner.id)
        with unit_of_work() as db:
            accept_coffee(db, person(other), coffee)
        with unit_of_work() as db:
            decline_coffee(db, person(decliner), coffee)
    set_clock(timeline.REPAIR_DELAY)
    queue.run_due()
    [repaired] = coffees_of(round_, "proposed")
    everyone = {cast.anna.id, cast.bram.id, cast.chris.id, cast.dana.id}
    assert people_of(repaired) == everyone - decliners
    assert told == []
    with unit_of_work() as db:
        assert [run.wave for run in db.scalars(select(Run).order_by(Run.wave))] == [0, 1]


@pytest.mark.parametrize("willing", [1, 2])
def test_accepting_a_replacement_in_advance_needs_no_second_answer(
    cast: Cast, set_clock: SetClock, willing: int
) -> None:
    """With both of them it stands at once; with one of them only the other still answers."""
    round_ = open_evening(cast, cast.anna, cast.bram, cast.chris, cast.dana, trio=False)
    publish(round_, set_clock)
    left: list[str] = []
    for coffee in coffees_of(round_):
        decliner, other = (seat.user for seat in coffee.seats)
        with unit_of_work() as db:
            accept_coffee(db, person(other), coffee)
            if len(left) < willing:
                accept_replacement(db, person(other), coffee, welcome=True)
        left.append(other.id)
        with unit_of_work() as db:
            decline_coffee(db, person(decliner), coffee)
    set_clock(timeline.REPAIR_DELAY)
    queue.run_due()
    [repaired] = coffees_of(round_, "proposed", "confirmed")
    answers = {seat.user_id: seat.answer for seat in repaired.seats}
    if willing == 2:
        assert (repaired.state, set(answers.values())) == ("confirmed", {"yes"})
    else:
        assert (repaired.state, answers) == ("proposed", {left[0]: "yes", left[1]: "waiting"})


def test_unmatched_people_are_notified_once_within_a_day(cast: Cast, set_clock: SetClock) -> None:
    round_ = open_evening(cast, cast.bram, cast.chris)
    publish(round_, set_clock)
    [coffee] = coffees_of(round_)
    with unit_of_work() as db:
        decline_coffee(db, person(cast.chris), coffee)
    set_clock(timeline.REPAIR_DELAY)
    queue.run_due()
    assert state_of(round_, cast.bram) == "waiting"
    set_clock(REPLACEMENT_NEWS_WITHIN - timeline.REPAIR_DELAY)
    queue.run_due()
    assert [signal.user_id for signal in told] == [cast.bram.id]
    assert state_of(round_, cast.bram) == "left"
    set_clock(timedelta(days=13))
    queue.run_due()
    assert [signal.user_id for signal in told] == [cast.bram.id]
    with unit_of_work() as db:
        luck = db.scalars(select(FairnessScore).where(FairnessScore.user_id == cast.bram.id)).one()
    assert (luck.amount, luck.missed) == (0.0, 1)


def stand(coffee: Coffee) -> None:
    """Everyone accepts."""
    for seat in coffee.seats:
        with unit_of_work() as db:
            accept_coffee(db, person(seat.user), db.get_one(Coffee, coffee.id))


def test_after_a_cancellation_only_the_partner_is_paired_again(cast: Cast, set_clock: SetClock) -> None:
    round_ = open_evening(cast, cast.anna, cast.bram, cast.chris, cast.dana, trio=False)
    publish(round_, set_clock)
    for coffee in coffees_of(round_):
        stand(coffee)
        with unit_of_work() as db:
            cancel_coffee(db, person(coffee.seats[0].user), db.get_one(Coffee, coffee.id))
    callers = {coffee.seats[0].user_id for coffee in coffees_of(round_)}
    set_clock(timeline.REPAIR_DELAY)
    queue.run_due()
    [repaired] = coffees_of(round_, "proposed")
    everyone = {cast.anna.id, cast.bram.id, cast.chris.id, cast.dana.id}
    assert people_of(repaired) == everyone - callers
    assert told == []


@pytest.mark.parametrize("agreed", [False, True])
def test_a_former_member_loses_the_coffee_and_the_partner_is_paired_again(
    cast: Cast, set_clock: SetClock, agreed: bool
) -> None:
    round_ = open_evening(cast, cast.bram, cast.chris)
    publish(round_, set_clock)
    [coffee] = coffees_of(round_)
    if agreed:
        stand(coffee)
    with unit_of_work() as db:
        leave_circle(db, person(cast.bram), db.get_one(Circle, cast.circle.id))
    assert coffees_of(round_)[0].state == ("cancelled" if agreed else "declined")
    assert state_of(round_, cast.chris) == "waiting"
    with unit_of_work() as db:
        assert [claim.user_id for claim in db.scalars(select(Claim))] == []


def test_an_expired_coffee_leaves_only_the_accepting_person_waiting(cast: Cast, set_clock: SetClock) -> None:
    round_ = open_evening(cast, cast.bram, cast.chris)
    publish(round_, set_clock)
    [coffee] = coffees_of(round_)
    with unit_of_work() as db:
        accept_coffee(db, person(cast.bram), coffee)
    set_clock(coffee.answer_by)
    queue.run_due()
    assert coffees_of(round_)[0].state == "expired"
    assert (state_of(round_, cast.bram), state_of(round_, cast.chris)) == ("waiting", "matched")


def test_a_late_opt_in_meets_an_unmatched_person(cast: Cast, set_clock: SetClock) -> None:
    round_ = open_evening(cast, cast.bram)
    publish(round_, set_clock)
    assert [signal.user_id for signal in told] == [cast.bram.id]
    with unit_of_work() as db:
        livestream = get_livestream(db, str(round_.livestream_id))
        data = OptInForm.model_validate({"times": round_.times[2:], "forms": ["online"], "trio": True})
        opting_in.submit_opt_in(db, person(cast.dana), livestream, data)
    queue.run_due()
    assert coffees_of(round_) == []
    set_clock(timeline.REPAIR_DELAY)
    queue.run_due()
    [coffee] = coffees_of(round_)
    assert people_of(coffee) == {cast.bram.id, cast.dana.id}
    assert len(told) == 1


def test_an_unmatched_late_opt_in_is_notified_after_a_week(cast: Cast, set_clock: SetClock) -> None:
    round_ = open_evening(cast)
    publish(round_, set_clock)
    with unit_of_work() as db:
        make_yes(db, round_, cast.dana, notify_by=clock.now() + timeline.LATE_NEWS_WITHIN)
    jobs.run_wave(round_.id, "1")
    assert told == []
    set_clock(timeline.LATE_NEWS_WITHIN)
    queue.run_due()
    assert [signal.user_id for signal in told] == [cast.dana.id]


def test_the_end_of_a_livestream_opens_its_round_once(cast: Cast, set_clock: SetClock) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="live")
    for _ in range(2):
        with unit_of_work() as db:
            end_livestream(db, person(cast.anna), get_livestream(db, livestream.id))
    with unit_of_work() as db:
        round_ = db.scalars(select(Round)).one()
        again = matching_rounds.open_round(db, SYSTEM, livestream)
        assert again.id == round_.id
        waiting = list(
            db.scalars(select(queue.Job.due_at).where(queue.Job.name == "rounds.jobs.match_round"))
        )
    assert (round_.state, round_.occasion) == ("open", "after_livestream")
    assert len(round_.times) == 8
    assert sorted(waiting) == [round_.closes_at, round_.publish_at]


def test_a_round_ends_two_weeks_later(cast: Cast, set_clock: SetClock) -> None:
    round_ = open_evening(cast, cast.bram, cast.chris)
    publish(round_, set_clock)
    set_clock(timeline.LATE_PERIOD)
    queue.run_due()
    with unit_of_work() as db:
        assert db.get_one(Round, round_.id).state == "closed"


def test_a_recording_moves_the_round_while_everyone_keeps_a_time(cast: Cast, set_clock: SetClock) -> None:
    round_ = open_evening(cast, cast.bram)
    set_clock(round_.opened_at + timedelta(days=4, hours=22))
    with unit_of_work() as db:
        matching_rounds.extend_round(db, SYSTEM, round_)
        moved = db.get_one(Round, round_.id)
    assert moved.closes_at == clock.now() + timedelta(hours=48)
    assert moved.publish_at > round_.publish_at
    set_clock(round_.publish_at)
    queue.run_due()
    with unit_of_work() as db:
        assert db.get_one(Round, round_.id).state == "draft"
    set_clock(moved.publish_at)
    queue.run_due()
    with unit_of_work() as db:
        assert db.get_one(Round, round_.id).state == "published"


def test_a_recording_never_removes_an_opt_ins_last_time(cast: Cast, set_clock: SetClock) -> None:
    round_ = open_evening(cast, cast.chris)
    with unit_of_work() as db:
        make_yes(db, round_, cast.bram, times=round_.times[:1])
    set_clock(round_.opened_at + timedelta(days=4, hours=22))
    with unit_of_work() as db:
        matching_rounds.extend_round(db, SYSTEM, round_)
        assert db.get_one(Round, round_.id).closes_at == round_.closes_at
