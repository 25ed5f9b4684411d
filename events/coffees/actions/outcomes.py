"""Action that records the outcome of a coffee for one participant."""

from sqlalchemy.orm import Session

from events.coffees import forms, policy, rules
from events.coffees.models import Coffee
from events.coffees.queries.coffees import lock_coffee, seat_of, taking_part
from events.coffees.signals import OutcomeGiven
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
    state = rules.state_after([one.took_place for one in taking_part(coffee)])
    # A talk's state was decided from the call when it ended.
    if state != coffee.state and coffee.kind != "talk":
        coffee.state = state
        coffee.version += 1
        coffee.closed_at = None if state == "confirmed" else clock.now()
    db.flush()
    announce(db, OutcomeGiven(coffee.id, actor.id))
    return coffee


def _choice(answer: str | None) -> bool | None:
    return None if answer is None else answer == "yes"
