"""Listener that plans the automatic confirmation of a booked coffee."""

from sqlalchemy.orm import Session

from events.bookings import jobs
from events.coffees import rules
from events.coffees.queries import coffees
from events.coffees.signals import CoffeePlaceChosen, CoffeeProposed, CoffeeTimeChosen
from events.core.bus import on
from events.core.jobs.queue import enqueue


@on(CoffeeProposed, CoffeeTimeChosen, CoffeePlaceChosen)
def plan_confirmation(db: Session, signal: CoffeeProposed | CoffeeTimeChosen | CoffeePlaceChosen) -> None:
    """Only for owners who accept without being asked."""
    coffee = coffees.get_coffee(db, signal.coffee_id)
    if any(seat.answer == "yes" and not seat.delivered for seat in coffee.seats):
        settled_at = rules.auto_confirm_at(coffee.proposed_at, coffee.id)
        enqueue(db, jobs.auto_confirm_booking, coffee.id, key=f"coffees.settle:{coffee.id}", at=settled_at)
