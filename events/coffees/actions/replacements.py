"""Should it fall through: whoever said yes may say beforehand that another of the round is welcome too."""

from sqlalchemy.orm import Session

from events.coffees import policy
from events.coffees.models import Coffee
from events.coffees.queries.coffees import lock_coffee, seat_of
from events.core.auth.actor import Actor, authorize
from events.core.errors import Conflict


def accept_replacement(db: Session, actor: Actor, coffee: Coffee, *, welcome: bool) -> Coffee:
    """Then they are not asked a second time: they said yes to the next one by this. It can be taken back."""
    authorize(policy.may_take_part, actor, coffee)
    coffee = lock_coffee(db, coffee)
    seat = seat_of(coffee, actor.id)
    if coffee.state != "proposed" or coffee.round_id is None or seat.answer != "yes":
        raise Conflict("coffee_closed")
    seat.accepts_replacement = welcome
    db.flush()
    return coffee
