"""Actions that move a coffee to another common time or to a new one; both reset the other answers."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.availability.actions.claims import release_claims
from events.availability.queries.claims import overlaps
from events.coffees import policy, rules
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import lock_coffee, seat_of
from events.coffees.queries.common_times import participant_ids
from events.coffees.queries.deadlines import answer_deadline
from events.coffees.signals import CoffeeTimeChosen
from events.coffees.transitions import check_changeable, check_proposed_time, reset_answers, update_version
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict


def choose_time(
    db: Session, actor: Actor, coffee: Coffee, starts_at: datetime, version: int | None = None
) -> Coffee:
    """Choose another common time. Other answers are reset; a confirmed coffee is proposed again.

    Conflict("not_a_common_time"), Conflict("time_taken").
    """
    authorize(policy.may_answer, actor, coffee)
    coffee = lock_coffee(db, coffee)
    seat = seat_of(coffee, actor.id)
    if _is_requested(coffee, seat, starts_at):
        return coffee
    check_changeable(coffee, seat, version)
    if starts_at not in rules.other_times(coffee.alternatives, coffee.starts_at, clock.now()):
        raise Conflict("not_a_common_time")
    if overlaps(db, participant_ids(coffee), starts_at, coffee.minutes, besides=coffee.id):
        raise Conflict("time_taken")
    _request_time(db, coffee, seat, starts_at, "time")
    return coffee


def propose_time(
    db: Session, actor: Actor, coffee: Coffee, starts_at: datetime, version: int | None = None
) -> Coffee:
    """Propose a new time, whatever the others' calendars say.

    Checking them would reveal when they are busy.
    """
    authorize(policy.may_answer, actor, coffee)
    coffee = lock_coffee(db, coffee)
    seat = seat_of(coffee, actor.id)
    if _is_requested(coffee, seat, starts_at):
        return coffee
    check_changeable(coffee, seat, version)
    check_proposed_time(starts_at)
    if starts_at == coffee.starts_at:
        raise Conflict("same_time")
    if overlaps(db, [seat.user_id], starts_at, coffee.minutes, besides=coffee.id):
        raise Conflict("you_are_busy")
    _request_time(db, coffee, seat, starts_at, "new_time")
    return coffee


def _is_requested(coffee: Coffee, seat: Seat, starts_at: datetime) -> bool:
    return coffee.starts_at == starts_at and seat.answer == "yes" and coffee.state == "proposed"


def _request_time(db: Session, coffee: Coffee, seat: Seat, starts_at: datetime, asked: str) -> None:
    # A rejected proposal of one person does not become a common time: the page shows whether those are free,
    # which would reveal busy times.
    common = coffee.asked != "new_time" or coffee.state == "confirmed"
    times = rules.swap_times(coffee.alternatives, coffee.starts_at if common else None, starts_at)
    release_claims(db, SYSTEM, coffee.id)
    reset_answers(coffee, seat)
    update_version(
        db,
        coffee,
        state="proposed",
        alternatives=times,
        starts_at=starts_at,
        answer_by=answer_deadline(db, coffee.circle, starts_at),
        confirmed_at=None,
        asked=asked,
        asked_by_id=seat.user_id,
    )
    announce(db, CoffeeTimeChosen(coffee.id, seat.user_id))
