"""Listeners that plan expiry and delayed declines, and notify open pages of changes."""

from sqlalchemy.orm import Session

from events.accounts.signals import PersonBlocked
from events.circles.signals import MembershipEnded
from events.coffees import jobs
from events.coffees.actions import withdrawals
from events.coffees.queries import coffees, room
from events.coffees.signals import (
    CoffeeAnswered,
    CoffeeCancelled,
    CoffeeConfirmed,
    CoffeeDeclined,
    CoffeeExpired,
    CoffeeHandedOn,
    CoffeeLeft,
    CoffeeMoved,
    CoffeeNumberGiven,
    CoffeePlaceChosen,
    CoffeePlaceSet,
    CoffeeProposed,
    CoffeeTimeChosen,
    DeclineDelayed,
)
from events.core.auth.actor import SYSTEM
from events.core.bus import after_commit, on
from events.core.db.session import unit_of_work
from events.core.jobs.queue import enqueue
from events.core.realtime.handlers import send_to_person
from events.core.realtime.revocations import revoke_sockets

Changed = (
    CoffeeProposed
    | CoffeeAnswered
    | CoffeeTimeChosen
    | CoffeeConfirmed
    | CoffeeMoved
    | CoffeeDeclined
    | CoffeeExpired
    | CoffeeCancelled
    | CoffeeHandedOn
    | CoffeeLeft
    | CoffeePlaceChosen
    | CoffeePlaceSet
    | CoffeeNumberGiven
)


@on(CoffeeProposed, CoffeeTimeChosen, CoffeePlaceChosen)
def plan_expiry(db: Session, signal: CoffeeProposed | CoffeeTimeChosen | CoffeePlaceChosen) -> None:
    coffee = coffees.get_coffee(db, signal.coffee_id)
    key = f"coffees.expire:{coffee.id}:{coffee.version}"
    enqueue(db, jobs.expire, coffee.id, key=key, at=coffee.answer_by)


@on(DeclineDelayed)
def plan_delayed_decline(db: Session, signal: DeclineDelayed) -> None:
    seat = coffees.seat_of(coffees.get_coffee(db, signal.coffee_id), signal.user_id)
    if seat.leaves_at is not None:
        key = f"coffees.hold:{seat.id}:{seat.leaves_at.timestamp()}"
        enqueue(db, jobs.apply_decline, signal.coffee_id, signal.user_id, key=key, at=seat.leaves_at)


@on(MembershipEnded)
def withdraw_leaver(db: Session, signal: MembershipEnded) -> None:
    withdrawals.leave_coffees(db, SYSTEM, signal.circle_id, signal.user_id)


@on(CoffeeLeft)
def revoke_room_sockets(db: Session, signal: CoffeeLeft) -> None:
    """A third person who left must not read the other two's chat."""
    revoke_sockets(db, person_id=signal.user_id, room=f"coffee:{signal.coffee_id}")


@on(PersonBlocked)
def close_rooms_to_blocker(db: Session, signal: PersonBlocked) -> None:
    """Pages that the blocker has open receive no more of the other's messages."""
    for coffee_id in room.list_shared_rooms(db, signal.blocker_id, signal.blocked_id):
        revoke_sockets(db, person_id=signal.blocker_id, room=f"coffee:{coffee_id}")


@after_commit(
    CoffeeProposed,
    CoffeeAnswered,
    CoffeeTimeChosen,
    CoffeeConfirmed,
    CoffeeMoved,
    CoffeeDeclined,
    CoffeeExpired,
    CoffeeCancelled,
    CoffeeHandedOn,
    CoffeeLeft,
    CoffeePlaceChosen,
    CoffeePlaceSet,
    CoffeeNumberGiven,
)
def notify_participants(signal: Changed) -> None:
    """Notify every open page of each participant, except of those who left before.

    Not sent after an outcome, which is private.
    """
    with unit_of_work() as db:
        coffee = coffees.get_coffee(db, signal.coffee_id)
        people = coffees.recipients_of(coffee)
        changed = {
            "coffee": coffee.id,
            "state": coffee.state,
            "version": coffee.version,
            "follows": coffee.follows_id,
        }
    for person_id in people:
        send_to_person(person_id, "coffees.changed", changed)
