"""Action that accepts a replacement partner of the round in advance."""

from sqlalchemy.orm import Session

from events.coffees import policy
from events.coffees.models import Coffee
from events.coffees.queries.coffees import lock_coffee, seat_of
from events.core.auth.actor import Actor, authorize
from events.core.errors import Conflict


def accept_replacement(db: Session, actor: Actor, coffee: Coffee, *, welcome: bool) -> Coffee:
    """Record whether this participant accepts a replacement partner without being asked again.
    Reversible.
    """
    authorize(policy.may_take_part, actor, coffee)
    coffee = lock_coffee(db, coffee)
    seat = seat_of(coffee, actor.id)
    if coffee.state != "proposed" or coffee.round_id is None or seat.answer != "yes":
        raise Conflict("coffee_closed")
    seat.accepts_replacement = welcome
    db.flush()
    return coffee
