"""What follows from a change of a coffee: its time to answer runs, and its people's open pages hear of it."""

from sqlalchemy.orm import Session

from events.circles.signals import MembershipEnded
from events.coffees import actions, jobs, queries, rules
from events.coffees.signals import (
    CoffeeAnswered,
    CoffeeCancelled,
    CoffeeConfirmed,
    CoffeeDeclined,
    CoffeeExpired,
    CoffeeLeft,
    CoffeeMoved,
    CoffeeNumberGiven,
    CoffeePlaceChosen,
    CoffeePlaceSet,
    CoffeeProposed,
    CoffeeTimeChosen,
    DeclineHeld,
)
from events.core.access import SYSTEM
from events.core.background import end_right
from events.core.bus import after, on
from events.core.db import unit_of_work
from events.core.queue import enqueue
from events.core.realtime import send_to_person

Changed = (
    CoffeeProposed
    | CoffeeAnswered
    | CoffeeTimeChosen
    | CoffeeConfirmed
    | CoffeeMoved
    | CoffeeDeclined
    | CoffeeExpired
    | CoffeeCancelled
    | CoffeeLeft
    | CoffeePlaceChosen
    | CoffeePlaceSet
    | CoffeeNumberGiven
)


@on(CoffeeProposed, CoffeeTimeChosen, CoffeePlaceChosen)
def start_waiting(db: Session, signal: CoffeeProposed | CoffeeTimeChosen | CoffeePlaceChosen) -> None:
    coffee = queries.get_coffee(db, signal.coffee_id)
    key = f"coffees.expire:{coffee.id}:{coffee.version}"
    enqueue(db, jobs.expire, coffee.id, key=key, at=coffee.answer_by)
    if any(seat.answer == "yes" and not seat.delivered for seat in coffee.seats):
        settled_at = rules.settled_at(coffee.proposed_at, coffee.id)
        enqueue(db, jobs.settle_booking, coffee.id, key=f"coffees.settle:{coffee.id}", at=settled_at)


@on(DeclineHeld)
def start_hold(db: Session, signal: DeclineHeld) -> None:
    seat = queries.seat_of(queries.get_coffee(db, signal.coffee_id), signal.user_id)
    if seat.leaves_at is not None:
        key = f"coffees.hold:{seat.id}:{seat.leaves_at.timestamp()}"
        enqueue(db, jobs.end_hold, signal.coffee_id, signal.user_id, key=key, at=seat.leaves_at)


@on(MembershipEnded)
def step_out(db: Session, signal: MembershipEnded) -> None:
    """Their partners hear so at once, and may be paired again."""
    actions.leave_coffees(db, SYSTEM, signal.circle_id, signal.user_id)


@on(CoffeeLeft)
def close_room(db: Session, signal: CoffeeLeft) -> None:
    """Of three, who stepped out no longer hears what the other two write."""
    end_right(db, person_id=signal.user_id, room=f"coffee:{signal.coffee_id}")


@after(
    CoffeeProposed,
    CoffeeAnswered,
    CoffeeTimeChosen,
    CoffeeConfirmed,
    CoffeeMoved,
    CoffeeDeclined,
    CoffeeExpired,
    CoffeeCancelled,
    CoffeeLeft,
    CoffeePlaceChosen,
    CoffeePlaceSet,
    CoffeeNumberGiven,
)
def tell_its_people(signal: Changed) -> None:
    """To every open page of each of its people; who had stepped out before hears nothing more.

    Not after an outcome: that someone answered is nobody else's business.
    """
    with unit_of_work() as db:
        coffee = queries.get_coffee(db, signal.coffee_id)
        people = queries.hearers_of(coffee)
        changed = {
            "coffee": coffee.id,
            "state": coffee.state,
            "version": coffee.version,
            "follows": coffee.follows_id,
        }
    for person_id in people:
        send_to_person(person_id, "coffees.changed", changed)
