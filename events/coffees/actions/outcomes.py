"""Actions that record the outcome of a coffee: a participant's answers, evidence from the call."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from events.coffees import forms, policy, rules
from events.coffees.models import Coffee, PitchMark
from events.coffees.queries.coffees import lock_coffee, seat_of, taking_part
from events.coffees.signals import CoffeeTookPlace, OutcomeGiven
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict


def record_outcome(db: Session, actor: Actor, coffee: Coffee, data: forms.Outcome) -> Coffee:
    """Record or replace one's own answer; the coffee's state follows from all answers."""
    authorize(policy.may_take_part, actor, coffee)
    coffee = lock_coffee(db, coffee)
    if coffee.state not in rules.PAST_OR_AGREED:
        raise Conflict("coffee_closed")
    if coffee.starts_at > clock.now():
        raise Conflict("coffee_not_yet")
    seat = seat_of(coffee, actor.id)
    seat.took_place = data.took_place == "yes"
    seat.worth_it = _choice(data.worth_it) if seat.took_place else None
    seat.again = _choice(data.again)
    seat.outcome_at = clock.now()
    _mark_pitches(db, coffee, actor.id, data.pitch if seat.took_place else [])
    answers = [one.took_place for one in taking_part(coffee)]
    state = rules.state_after(answers, by_call=coffee.by_call)
    # A talk's state was decided from the call when it ended.
    if state != coffee.state and coffee.kind != "talk":
        coffee.state = state
        coffee.version += 1
        coffee.closed_at = None if state == "confirmed" else clock.now()
    db.flush()
    announce(db, OutcomeGiven(coffee.id, actor.id))
    return coffee


def record_call_evidence(db: Session, actor: Actor, coffee: Coffee) -> bool:
    """Everyone was in the call long enough: it took place, unless a participant says that it did not."""
    authorize(policy.may_expire, actor, coffee)
    coffee = lock_coffee(db, coffee)
    if coffee.state != "confirmed" or coffee.kind != "coffee" or coffee.by_call:
        return False
    coffee.by_call = True
    state = rules.state_after([one.took_place for one in taking_part(coffee)], by_call=True)
    if state == "met":
        coffee.state, coffee.closed_at = state, clock.now()
        coffee.version += 1
        announce(db, CoffeeTookPlace(coffee.id))
    db.flush()
    return True


def _mark_pitches(db: Session, coffee: Coffee, by_id: str, about_ids: Sequence[str]) -> None:
    """Replaces earlier marks, so that answering again takes one back. Strangers to the coffee are ignored."""
    db.execute(delete(PitchMark).where(PitchMark.coffee_id == coffee.id, PitchMark.by_id == by_id))
    for about_id in {seat.user_id for seat in taking_part(coffee)} & set(about_ids) - {by_id}:
        db.add(PitchMark(coffee_id=coffee.id, by_id=by_id, about_id=about_id))


def _choice(answer: str | None) -> bool | None:
    return None if answer is None else answer == "yes"
