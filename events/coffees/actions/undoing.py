"""Delayed declines with undo: recorded at once, and announced by a job after DECLINE_DELAY."""

from sqlalchemy.orm import Session

from events.availability.queries.claims import overlaps
from events.coffees import policy, rules
from events.coffees.models import Coffee
from events.coffees.queries.coffees import lock_coffee, seat_of, taking_part
from events.coffees.queries.common_times import participant_ids
from events.coffees.signals import DeclineDelayed
from events.coffees.transitions import all_agree, apply_no, confirm_coffee, record_answer
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict


def delay_decline(db: Session, actor: Actor, coffee: Coffee, version: int | None = None) -> Coffee:
    """Decline with a delay: until `leaves_at` nothing changes for the others, and undo voids it."""
    authorize(policy.may_answer, actor, coffee)
    coffee = lock_coffee(db, coffee)
    seat = seat_of(coffee, actor.id)
    if seat.answer == "no" or seat.leaves_at is not None:
        return coffee
    if coffee.state != "proposed":
        raise Conflict("coffee_closed")
    if version is not None and version != coffee.version:
        raise Conflict("coffee_changed")
    seat.leaves_at = clock.now() + rules.DECLINE_DELAY
    db.flush()
    announce(db, DeclineDelayed(coffee.id, actor.id))
    return coffee


def undo_decline(db: Session, actor: Actor, coffee: Coffee) -> Coffee:
    """Void a delayed decline; an earlier yes counts again. Conflict("decline_told") once the others
    know.
    """
    authorize(policy.may_answer, actor, coffee)
    coffee = lock_coffee(db, coffee)
    seat = seat_of(coffee, actor.id)
    if seat.answer == "no" or coffee.state not in rules.OPEN:
        raise Conflict("decline_told")
    if seat.leaves_at is None:
        return coffee
    seat.leaves_at = None
    if all_agree(taking_part(coffee)):
        if overlaps(db, participant_ids(coffee), coffee.starts_at, coffee.minutes, besides=coffee.id):
            record_answer(seat, "waiting")
        else:
            confirm_coffee(db, coffee)
    db.flush()
    return coffee


def apply_decline(db: Session, actor: Actor, coffee: Coffee, user_id: str) -> None:
    """Take effect after the delay. No effect when undone or applied before."""
    authorize(policy.may_expire, actor, coffee)
    coffee = lock_coffee(db, coffee)
    seat = seat_of(coffee, user_id)
    if coffee.state == "proposed" and seat.leaves_at is not None and seat.leaves_at <= clock.now():
        apply_no(db, coffee, seat)
