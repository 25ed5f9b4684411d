"""Yes, not now, called off, no answer in time: every change happens once, whoever races.

Each action first locks the coffee and reads it afresh; each change names the version it was decided on.
"""

from sqlalchemy.orm import Session

from events.availability.actions import claim_times, release_claims
from events.availability.queries import find_busy, overlaps
from events.coffees import policy, rules
from events.coffees.changes import expect_ahead, expect_open, say_answer, write_change
from events.coffees.models import Coffee, Seat
from events.coffees.queries import hold, seat_of, taking_part
from events.coffees.signals import (
    CoffeeAnswered,
    CoffeeCancelled,
    CoffeeConfirmed,
    CoffeeDeclined,
    CoffeeExpired,
    CoffeeLeft,
    CoffeeMoved,
    CoffeePlaceSet,
)
from events.core import clock
from events.core.access import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict


def accept_coffee(
    db: Session, actor: Actor, coffee: Coffee, version: int | None = None, *, heed_calendar: bool = False
) -> Coffee:
    """Say yes to the version that was shown. When all have, the time is claimed and the coffee stands.

    With `heed_calendar` it is Conflict("calendar_busy") when the actor's own calendar shows something then;
    one that holds this very coffee already shows nothing else by it.
    """
    authorize(policy.may_answer, actor, coffee)
    coffee = hold(db, coffee)
    seat = seat_of(coffee, actor.id)
    if seat.answer == "yes" and coffee.state in rules.OPEN:
        return coffee
    expect_open(coffee, seat, version)
    if heed_calendar and not seat.invited and find_busy(db, actor.id, coffee.starts_at, coffee.ends_at):
        raise Conflict("calendar_busy")
    say_answer(seat, "yes")
    if all(one.answer == "yes" for one in taking_part(coffee)):
        _confirm(db, coffee)
    else:
        db.flush()
        announce(db, CoffeeAnswered(coffee.id, actor.id))
    return coffee


def confirm_agreed(db: Session, actor: Actor, coffee: Coffee) -> None:
    """Everyone said yes by asking for it: it stands, also when it begins this very moment."""
    authorize(policy.may_propose, actor, coffee.circle_id)
    coffee = hold(db, coffee)
    if coffee.state != "proposed" or any(seat.answer != "yes" for seat in taking_part(coffee)):
        raise Conflict("coffee_changed")
    _confirm(db, coffee)


def close_taken(db: Session, actor: Actor, coffee: Coffee) -> None:
    """The time that was asked for is somebody else's: who asked hears that it is not happening."""
    authorize(policy.may_expire, actor, coffee)
    coffee = hold(db, coffee)
    left = tuple(one.user_id for one in taking_part(coffee) if one.user_id == coffee.invited_by_id)
    _close(db, coffee, "declined")
    announce(db, CoffeeDeclined(coffee.id, left))


def decline_coffee(db: Session, actor: Actor, coffee: Coffee, version: int | None = None) -> Coffee:
    """Not now, silently: nobody is told who. Of three, the other two go on."""
    authorize(policy.may_answer, actor, coffee)
    coffee = hold(db, coffee)
    seat = seat_of(coffee, actor.id)
    if seat.answer == "no":
        return coffee
    if coffee.state != "proposed":
        raise Conflict("coffee_closed")
    if version is not None and version != coffee.version:
        raise Conflict("coffee_changed")
    if len(taking_part(coffee)) > 2:
        if _go_on_without(db, coffee, seat):
            return coffee
    else:
        _leave(seat)
    left = tuple(one.user_id for one in taking_part(coffee))
    _close(db, coffee, "declined")
    announce(db, CoffeeDeclined(coffee.id, left))
    return coffee


def cancel_coffee(db: Session, actor: Actor, coffee: Coffee, version: int | None = None) -> Coffee:
    """Call off a coffee that stands. Of three, the other two go on; of two, everyone's time is free again."""
    authorize(policy.may_answer, actor, coffee)
    coffee = hold(db, coffee)
    seat = seat_of(coffee, actor.id)
    if coffee.state == "cancelled" or seat.answer == "no":
        return coffee
    if coffee.state != "confirmed":
        raise Conflict("coffee_closed")
    expect_ahead(coffee, version)
    if len(taking_part(coffee)) > 2:
        _go_on_without(db, coffee, seat)
        return coffee
    _close(db, coffee, "cancelled")
    announce(db, CoffeeCancelled(coffee.id, actor.id))
    return coffee


def expire_coffee(db: Session, actor: Actor, coffee: Coffee) -> None:
    """The time to answer has passed. Two of three who said yes go on; else who said yes is left."""
    authorize(policy.may_expire, actor, coffee)
    coffee = hold(db, coffee)
    if coffee.state != "proposed" or coffee.answer_by > clock.now():
        return
    said = [seat for seat in taking_part(coffee) if seat.answer == "yes"]
    silent = [seat for seat in taking_part(coffee) if seat.answer == "waiting"]
    pair_left = len(said) == 2 and len(silent) == 1 and coffee.starts_at > clock.now()
    if pair_left and _go_on_without(db, coffee, silent[0]):
        return
    _close(db, coffee, "expired")
    announce(db, CoffeeExpired(coffee.id, tuple(seat.user_id for seat in said)))


def _leave(seat: Seat) -> None:
    """A no; a calendar that holds the entry will hear so, under a higher number."""
    say_answer(seat, "no")
    seat.sequence += seat.invited


def _confirm(db: Session, coffee: Coffee) -> None:
    """All said yes: their time is claimed in this transaction, or it was just given away."""
    people = taking_part(coffee)
    db.flush()
    # Whoever's answer was the last one, the time is taken for all of them: we do that. One whose place alone
    # was in question has its time still.
    release_claims(db, SYSTEM, coffee.id)
    claim_times(db, SYSTEM, [seat.user_id for seat in people], coffee.starts_at, coffee.minutes, coffee.id)
    moved, placed = any(seat.invited for seat in people), coffee.confirmed_at is not None
    for seat in people:
        seat.invited = True
    links = (seat.user.meeting_link for seat in people if seat.user.meeting_link)
    place = coffee.place or (next(links, "") if coffee.form == "own_link" else "")
    write_change(db, coffee, state="confirmed", place=place, confirmed_at=clock.now())
    if placed:
        announce(db, CoffeePlaceSet(coffee.id))
    else:
        announce(db, CoffeeMoved(coffee.id) if moved else CoffeeConfirmed(coffee.id))


def _go_on_without(db: Session, coffee: Coffee, seat: Seat) -> bool:
    """One of three steps out and the other two keep the coffee; it stands when both said yes already.

    False when they cannot go on because their time was given away meanwhile.
    """
    _leave(seat)
    release_claims(db, SYSTEM, coffee.id, user_id=seat.user_id)
    write_change(db, coffee)
    rest = taking_part(coffee)
    agreed = coffee.state == "proposed" and all(one.answer == "yes" for one in rest)
    people = [one.user_id for one in rest]
    if agreed and overlaps(db, people, coffee.starts_at, coffee.minutes, besides=coffee.id):
        return False
    announce(db, CoffeeLeft(coffee.id, seat.user_id))
    if agreed:
        _confirm(db, coffee)
    return True


def _close(db: Session, coffee: Coffee, state: str) -> None:
    """It is over: the time is everyone's own again, and calendars hear so, under a higher number."""
    release_claims(db, SYSTEM, coffee.id)
    for seat in taking_part(coffee):
        seat.sequence += seat.invited
    write_change(db, coffee, state=state, closed_at=clock.now())
