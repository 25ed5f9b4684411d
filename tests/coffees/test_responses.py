"""Tests of answers to a coffee: effects, idempotency and permissions."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.availability.models import Claim
from events.coffees.actions import proposals, rescheduling, responses, withdrawals
from events.coffees.forms import Participant, Proposal
from events.coffees.models import Coffee
from events.coffees.queries import coffees
from events.core import clock
from events.core.auth.actor import SYSTEM, VISITOR, Actor
from events.core.bus import pop_announced
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden, Invalid, NotFound
from events.core.jobs import queue
from tests.factories.availability import make_claims
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast
from tests.support.types import SetClock

pytestmark = pytest.mark.postgres


def propose(cast: Cast, people: list[User], **changes: object) -> str:
    start = clock.now() + timedelta(days=5)
    given: dict[str, object] = {
        "circle_id": cast.circle.id,
        "starts_at": start,
        "answer_by": clock.now() + timedelta(hours=48),
        "people": [Participant(one.id, [{"code": "new"}], "Loslaten") for one in people],
        "alternatives": [start + timedelta(days=1), start + timedelta(days=2)],
    }
    with unit_of_work() as db:
        return proposals.propose_coffee(db, SYSTEM, Proposal(**(given | changes))).id  # type: ignore[arg-type]  # typed values under their own names


def do(action: Callable[..., object], who: User, coffee_id: str, *rest: object) -> list[str]:
    """Run one action as this person; names of the announced signals."""
    with unit_of_work() as db:
        coffee = coffees.get_visible(db, person(who), coffee_id)
        action(db, person(who), coffee, *rest)
        announced = pop_announced(db)
    return [type(signal).__name__ for signal in announced]


def read(coffee_id: str) -> Coffee:
    with unit_of_work() as db:
        return coffees.get_coffee(db, coffee_id)


def claimed(coffee_id: str) -> set[str]:
    with unit_of_work() as db:
        return set(db.scalars(select(Claim.user_id).where(Claim.holder_id == coffee_id)))


def test_a_proposal_has_a_participant_row_and_a_calendar_uid_for_each(cast: Cast) -> None:
    coffee = read(propose(cast, [cast.bram, cast.dana]))
    assert (coffee.state, coffee.version, len(coffee.alternatives)) == ("proposed", 1, 2)
    assert [seat.user_id for seat in coffee.seats] == [cast.bram.id, cast.dana.id]
    assert len({seat.calendar_uid for seat in coffee.seats}) == 2
    assert not any(seat.invited for seat in coffee.seats)


def test_only_system_proposes_and_only_for_two_or_three(cast: Cast) -> None:
    proposal = Proposal(cast.circle.id, clock.now(), clock.now(), [Participant(cast.bram.id)])
    with unit_of_work() as db:
        with pytest.raises(Forbidden):
            proposals.propose_coffee(db, person(cast.anna), proposal)
        with pytest.raises(Invalid, match="not_two_or_three"):
            proposals.propose_coffee(db, SYSTEM, proposal)


def test_two_acceptances_confirm_the_coffee_and_claim_the_time(cast: Cast) -> None:
    coffee_id = propose(cast, [cast.bram, cast.dana])
    assert do(responses.accept_coffee, cast.bram, coffee_id, 1) == ["CoffeeAnswered"]
    assert claimed(coffee_id) == set()
    assert do(responses.accept_coffee, cast.dana, coffee_id, 1) == ["CoffeeConfirmed"]
    coffee = read(coffee_id)
    assert (coffee.state, coffee.version) == ("confirmed", 2)
    assert [(seat.invited, seat.sequence) for seat in coffee.seats] == [(True, 0), (True, 0)]
    assert claimed(coffee_id) == {cast.bram.id, cast.dana.id}


def test_accepting_twice_has_no_effect(cast: Cast) -> None:
    coffee_id = propose(cast, [cast.bram, cast.dana])
    do(responses.accept_coffee, cast.bram, coffee_id, 1)
    assert do(responses.accept_coffee, cast.bram, coffee_id, 1) == []
    do(responses.accept_coffee, cast.dana, coffee_id, 1)
    assert do(responses.accept_coffee, cast.dana, coffee_id, 1) == []
    assert read(coffee_id).version == 2


def test_accepting_a_lost_time_is_refused_and_not_stored(cast: Cast) -> None:
    coffee_id = propose(cast, [cast.bram, cast.dana])
    do(responses.accept_coffee, cast.bram, coffee_id, 1)
    with unit_of_work() as db:
        make_claims(db, cast.bram, coffees.get_coffee(db, coffee_id).starts_at)
    with pytest.raises(Conflict, match="time_taken"):
        do(responses.accept_coffee, cast.dana, coffee_id, 1)
    coffee = read(coffee_id)
    assert coffee.state == "proposed"
    assert coffees.seat_of(coffee, cast.dana.id).answer == "waiting"


def test_another_time_voids_the_others_yes_and_asks_them_again(cast: Cast) -> None:
    coffee_id = propose(cast, [cast.bram, cast.dana])
    do(responses.accept_coffee, cast.bram, coffee_id, 1)
    before = read(coffee_id).starts_at
    other = before + timedelta(days=1)
    assert do(rescheduling.choose_time, cast.dana, coffee_id, other, 1) == ["CoffeeTimeChosen"]
    coffee = read(coffee_id)
    assert (coffee.starts_at, coffee.version, coffee.state) == (other, 2, "proposed")
    assert [seat.answer for seat in coffee.seats] == ["waiting", "yes"]
    assert [seat.sequence for seat in coffee.seats] == [0, 0]
    assert before.isoformat() in coffee.alternatives
    with pytest.raises(Conflict, match="coffee_changed"):
        do(responses.accept_coffee, cast.bram, coffee_id, 1)
    assert do(responses.accept_coffee, cast.bram, coffee_id, 2) == ["CoffeeConfirmed"]


def test_only_a_common_free_time_can_be_chosen(cast: Cast) -> None:
    coffee_id = propose(cast, [cast.bram, cast.dana])
    start = read(coffee_id).starts_at
    with pytest.raises(Conflict, match="not_a_common_time"):
        do(rescheduling.choose_time, cast.bram, coffee_id, start + timedelta(days=9), 1)
    with unit_of_work() as db:
        make_claims(db, cast.dana, start + timedelta(days=1))
    with pytest.raises(Conflict, match="time_taken"):
        do(rescheduling.choose_time, cast.bram, coffee_id, start + timedelta(days=1), 1)
    do(rescheduling.choose_time, cast.bram, coffee_id, start + timedelta(days=2), 1)
    assert do(rescheduling.choose_time, cast.bram, coffee_id, start + timedelta(days=2), 1) == []


def test_rescheduling_a_confirmed_coffee_asks_again_and_raises_the_sequence(cast: Cast) -> None:
    coffee_id = propose(cast, [cast.bram, cast.dana])
    for who in (cast.bram, cast.dana):
        do(responses.accept_coffee, who, coffee_id)
    other = read(coffee_id).starts_at + timedelta(days=1)
    assert do(rescheduling.choose_time, cast.bram, coffee_id, other, 2) == ["CoffeeTimeChosen"]
    coffee = read(coffee_id)
    assert (coffee.state, coffee.confirmed_at, claimed(coffee_id)) == ("proposed", None, set())
    assert [(seat.sequence, seat.invited) for seat in coffee.seats] == [(1, True), (1, True)]
    assert do(responses.accept_coffee, cast.dana, coffee_id, 3) == ["CoffeeMoved"]
    assert claimed(coffee_id) == {cast.bram.id, cast.dana.id}
    assert [seat.sequence for seat in read(coffee_id).seats] == [1, 1]


def test_a_declined_rescheduling_cancels_every_calendar_entry(cast: Cast) -> None:
    coffee_id = propose(cast, [cast.bram, cast.dana])
    for who in (cast.bram, cast.dana):
        do(responses.accept_coffee, who, coffee_id)
    do(rescheduling.choose_time, cast.bram, coffee_id, read(coffee_id).starts_at + timedelta(days=1))
    assert do(responses.decline_coffee, cast.dana, coffee_id) == ["CoffeeDeclined"]
    assert [(seat.sequence, seat.invited) for seat in read(coffee_id).seats] == [(2, True), (2, True)]


def test_a_decline_closes_the_coffee_and_reports_the_unmatched_partner(cast: Cast) -> None:
    coffee_id = propose(cast, [cast.bram, cast.dana])
    do(responses.accept_coffee, cast.bram, coffee_id)
    with unit_of_work() as db:
        actor = person(cast.dana)
        responses.decline_coffee(db, actor, coffees.get_visible(db, actor, coffee_id), 1)
        [declined] = pop_announced(db)
    assert declined.left_ids == (cast.bram.id,)  # type: ignore[attr-defined]  # a CoffeeDeclined
    assert cast.dana.id not in vars(declined).values()
    assert (read(coffee_id).state, do(responses.decline_coffee, cast.dana, coffee_id, 1)) == ("declined", [])
    with pytest.raises(Conflict, match="coffee_closed"):
        do(responses.accept_coffee, cast.bram, coffee_id, 2)
    with pytest.raises(Conflict, match="coffee_closed"):
        do(responses.accept_coffee, cast.dana, coffee_id, 2)


def test_a_trio_with_one_no_goes_on_as_a_pair(cast: Cast) -> None:
    coffee_id = propose(cast, [cast.bram, cast.chris, cast.dana])
    do(responses.accept_coffee, cast.bram, coffee_id)
    assert do(responses.decline_coffee, cast.chris, coffee_id) == ["CoffeeLeft"]
    coffee = read(coffee_id)
    assert (coffee.state, coffee.version) == ("proposed", 2)
    assert coffees.partners_of(coffee, cast.bram.id) == [cast.dana.id]
    assert do(responses.accept_coffee, cast.dana, coffee_id, 2) == ["CoffeeConfirmed"]
    assert claimed(coffee_id) == {cast.bram.id, cast.dana.id}


def test_the_last_decline_of_a_trio_confirms_the_accepting_pair(cast: Cast) -> None:
    coffee_id = propose(cast, [cast.bram, cast.chris, cast.dana])
    do(responses.accept_coffee, cast.bram, coffee_id)
    do(responses.accept_coffee, cast.dana, coffee_id)
    assert do(responses.decline_coffee, cast.chris, coffee_id) == ["CoffeeLeft", "CoffeeConfirmed"]
    assert read(coffee_id).state == "confirmed"


def test_a_trio_whose_pair_has_lost_its_time_leaves_both_for_another(cast: Cast) -> None:
    coffee_id = propose(cast, [cast.bram, cast.chris, cast.dana])
    do(responses.accept_coffee, cast.bram, coffee_id)
    do(responses.accept_coffee, cast.dana, coffee_id)
    with unit_of_work() as db:
        make_claims(db, cast.dana, coffees.get_coffee(db, coffee_id).starts_at)
    assert do(responses.decline_coffee, cast.chris, coffee_id) == ["CoffeeDeclined"]
    assert read(coffee_id).state == "declined"


def test_one_of_three_can_leave_a_coffee_that_stands(cast: Cast) -> None:
    coffee_id = propose(cast, [cast.bram, cast.chris, cast.dana])
    for who in (cast.bram, cast.chris, cast.dana):
        do(responses.accept_coffee, who, coffee_id)
    assert do(responses.cancel_coffee, cast.chris, coffee_id) == ["CoffeeLeft"]
    assert read(coffee_id).state == "confirmed"
    assert claimed(coffee_id) == {cast.bram.id, cast.dana.id}
    assert [seat.sequence for seat in read(coffee_id).seats] == [0, 1, 0]


def test_cancelling_releases_the_time_and_happens_once(cast: Cast) -> None:
    coffee_id = propose(cast, [cast.bram, cast.dana])
    with pytest.raises(Conflict, match="coffee_closed"):
        do(responses.cancel_coffee, cast.bram, coffee_id)
    for who in (cast.bram, cast.dana):
        do(responses.accept_coffee, who, coffee_id)
    assert do(responses.cancel_coffee, cast.bram, coffee_id, 2) == ["CoffeeCancelled"]
    assert (read(coffee_id).state, claimed(coffee_id)) == ("cancelled", set())
    assert [seat.sequence for seat in read(coffee_id).seats] == [1, 1]
    assert do(responses.cancel_coffee, cast.dana, coffee_id, 2) == []


def test_a_proposal_without_an_answer_expires_after_two_days_by_itself(
    cast: Cast, set_clock: SetClock
) -> None:
    set_clock(timedelta())
    coffee_id = propose(cast, [cast.bram, cast.dana])
    do(responses.accept_coffee, cast.bram, coffee_id)
    set_clock(timedelta(hours=47))
    queue.run_due()
    assert read(coffee_id).state == "proposed"
    set_clock(timedelta(hours=1))
    queue.run_due()
    queue.run_due()
    assert read(coffee_id).state == "expired"


def test_a_newly_chosen_time_is_open_for_two_days_again(cast: Cast, set_clock: SetClock) -> None:
    set_clock(timedelta())
    coffee_id = propose(cast, [cast.bram, cast.dana])
    set_clock(timedelta(hours=40))
    do(rescheduling.choose_time, cast.bram, coffee_id, read(coffee_id).starts_at + timedelta(days=1))
    until = read(coffee_id).answer_by
    assert until - clock.now() >= timedelta(hours=36)
    set_clock(timedelta(hours=20))
    queue.run_due()
    assert read(coffee_id).state == "proposed"
    set_clock(until)
    queue.run_due()
    assert read(coffee_id).state == "expired"


def test_two_timely_acceptances_of_three_continue_as_a_pair(cast: Cast, set_clock: SetClock) -> None:
    set_clock(timedelta())
    coffee_id = propose(cast, [cast.bram, cast.chris, cast.dana])
    do(responses.accept_coffee, cast.bram, coffee_id)
    do(responses.accept_coffee, cast.dana, coffee_id)
    set_clock(timedelta(hours=48))
    queue.run_due()
    assert read(coffee_id).state == "confirmed"
    assert claimed(coffee_id) == {cast.bram.id, cast.dana.id}


@pytest.mark.parametrize(
    "action",
    [responses.accept_coffee, responses.decline_coffee, responses.cancel_coffee],
    ids=lambda one: one.__name__,
)
def test_an_outsider_an_organiser_and_a_visitor_cannot_answer(
    cast: Cast, action: Callable[..., object]
) -> None:
    coffee_id = propose(cast, [cast.bram, cast.dana])
    foreign_key = Actor(kind="key", person_id=cast.bram.id, keys=frozenset({("coffee", "another")}))
    with unit_of_work() as db:
        coffee = coffees.get_coffee(db, coffee_id)
        for stranger in (person(cast.olga), person(cast.anna), VISITOR, foreign_key):
            with pytest.raises(Forbidden):
                action(db, stranger, coffee)
            with pytest.raises(Forbidden):
                rescheduling.choose_time(db, stranger, coffee, coffee.starts_at)
            with pytest.raises(NotFound):
                coffees.get_visible(db, stranger, coffee_id)
        with pytest.raises(Forbidden):
            responses.expire_coffee(db, person(cast.bram), coffee)


def test_the_holder_of_the_mails_key_answers_for_that_coffee(cast: Cast) -> None:
    coffee_id = propose(cast, [cast.bram, cast.dana])
    holder = Actor(kind="key", person_id=cast.bram.id, keys=frozenset({("coffee", coffee_id)}))
    with unit_of_work() as db:
        responses.accept_coffee(db, holder, coffees.get_visible(db, holder, coffee_id), 1)
    assert coffees.seat_of(read(coffee_id), cast.bram.id).answer == "yes"


def test_a_time_that_has_come_cannot_be_accepted(cast: Cast) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(
            db, cast.circle, [cast.bram, cast.dana], starts_at=clock.now() - timedelta(minutes=1)
        )
        with pytest.raises(Conflict, match="coffee_begun"):
            responses.accept_coffee(db, person(cast.bram), coffee)


def test_leaving_a_circle_leaves_a_trio_that_continues_as_a_pair(cast: Cast) -> None:
    with unit_of_work() as db:
        three = make_coffee(db, cast.circle, [cast.bram, cast.chris, cast.dana], state="confirmed")
        begun = make_coffee(
            db,
            cast.circle,
            [cast.bram, cast.dana],
            state="confirmed",
            starts_at=clock.now() - timedelta(hours=1),
        )
    with unit_of_work() as db:
        withdrawals.leave_coffees(db, SYSTEM, cast.circle.id, cast.bram.id)
    with unit_of_work() as db:
        found = coffees.get_coffee(db, three.id)
        assert (found.state, [seat.user_id for seat in coffees.taking_part(found)]) == (
            "confirmed", [cast.chris.id, cast.dana.id],
        )  # fmt: skip
        assert coffees.get_coffee(db, begun.id).state == "confirmed"


def test_only_system_withdraws_members(cast: Cast) -> None:
    with unit_of_work() as db, pytest.raises(Forbidden):
        withdrawals.leave_coffees(db, person(cast.anna), cast.circle.id, cast.bram.id)
