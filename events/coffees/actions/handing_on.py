"""Action that ends a coffee of two because a colleague comes instead of one of them."""

from sqlalchemy.orm import Session

from events.coffees import policy, rules
from events.coffees.models import Coffee
from events.coffees.queries.coffees import lock_coffee, seat_of
from events.coffees.signals import CoffeeHandedOn
from events.coffees.transitions import close_coffee, leave
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict


def hand_on_coffee(db: Session, actor: Actor, coffee: Coffee, by_id: str, to_id: str, *, tells: bool) -> None:
    """End the coffee of `by_id`, whose colleague comes. Unless it `tells` the other, they only read that
    it is off. Conflict("coffee_closed") when another change came first.
    """
    authorize(policy.may_propose, actor, coffee.circle_id)
    coffee = lock_coffee(db, coffee)
    if coffee.state not in rules.OPEN or len(coffee.seats) != 2:
        raise Conflict("coffee_closed")
    state = "cancelled" if coffee.state == "confirmed" else "declined"
    leave(seat_of(coffee, by_id))
    others = tuple(seat.user_id for seat in coffee.seats if seat.user_id != by_id)
    for seat in coffee.seats:
        if tells or seat.user_id == by_id:
            seat.handed_to_id = to_id
    close_coffee(db, coffee, state)
    announce(db, CoffeeHandedOn(coffee.id, by_id, () if tells else others))
