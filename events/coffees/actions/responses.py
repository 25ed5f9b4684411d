"""Answers to a coffee: accept, decline, cancel and expire.

Each action locks the coffee and reads it afresh; each change names the version it was decided on, so it
happens once.
"""

from sqlalchemy.orm import Session

from events.availability.queries.calendars import find_busy
from events.coffees import policy, rules
from events.coffees.models import Coffee
from events.coffees.queries.coffees import lock_coffee, seat_of, taking_part
from events.coffees.signals import (
    CoffeeAnswered,
    CoffeeCancelled,
    CoffeeDeclined,
    CoffeeExpired,
)
from events.coffees.transitions import (
    all_agree,
    apply_no,
    check_ahead,
    check_open,
    close_coffee,
    confirm_coffee,
    continue_without,
    record_answer,
)
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict


def accept_coffee(
    db: Session,
    actor: Actor,
    coffee: Coffee,
    version: int | None = None,
    *,
    heed_calendar: bool = False,
    replacement: bool | None = None,
) -> Coffee:
    """Accept the version that was shown; the last acceptance claims the time and confirms.

    With `heed_calendar` Conflict("calendar_busy") if the actor's calendar is busy then. Skipped when that
    calendar already contains this coffee, which would conflict with itself. `replacement`: whether another
    partner of the round is welcome without being asked again; None leaves that as it was.
    """
    authorize(policy.may_answer, actor, coffee)
    coffee = lock_coffee(db, coffee)
    seat = seat_of(coffee, actor.id)
    if seat.answer == "yes" and seat.leaves_at is None and coffee.state in rules.OPEN:
        return coffee
    check_open(coffee, seat, version)
    if heed_calendar and not seat.invited and find_busy(db, actor.id, coffee.starts_at, coffee.ends_at):
        raise Conflict("calendar_busy")
    record_answer(seat, "yes")
    if replacement is not None and coffee.round_id is not None:
        seat.accepts_replacement = replacement
    if all_agree(taking_part(coffee)):
        confirm_coffee(db, coffee)
    else:
        db.flush()
        announce(db, CoffeeAnswered(coffee.id, actor.id))
    return coffee


def confirm_agreed(db: Session, actor: Actor, coffee: Coffee) -> None:
    """Confirm a coffee whose people all accepted in advance, also one that begins now."""
    authorize(policy.may_propose, actor, coffee.circle_id)
    coffee = lock_coffee(db, coffee)
    if coffee.state != "proposed" or any(seat.answer != "yes" for seat in taking_part(coffee)):
        raise Conflict("coffee_changed")
    confirm_coffee(db, coffee)


def close_time_taken(db: Session, actor: Actor, coffee: Coffee) -> None:
    """Close a request whose time was taken meanwhile; the person who asked is told."""
    authorize(policy.may_expire, actor, coffee)
    coffee = lock_coffee(db, coffee)
    left = tuple(one.user_id for one in taking_part(coffee) if one.user_id == coffee.invited_by_id)
    close_coffee(db, coffee, "declined")
    announce(db, CoffeeDeclined(coffee.id, left))


def decline_coffee(db: Session, actor: Actor, coffee: Coffee, version: int | None = None) -> Coffee:
    """Decline silently: no one is told who declined. Of three people the other two continue."""
    authorize(policy.may_answer, actor, coffee)
    coffee = lock_coffee(db, coffee)
    seat = seat_of(coffee, actor.id)
    if seat.answer == "no":
        return coffee
    if coffee.state != "proposed":
        raise Conflict("coffee_closed")
    if version is not None and version != coffee.version:
        raise Conflict("coffee_changed")
    apply_no(db, coffee, seat)
    return coffee


def cancel_coffee(db: Session, actor: Actor, coffee: Coffee, version: int | None = None) -> Coffee:
    """Cancel a confirmed coffee. Of three people the other two continue; of two the time is released."""
    authorize(policy.may_answer, actor, coffee)
    coffee = lock_coffee(db, coffee)
    seat = seat_of(coffee, actor.id)
    if coffee.state == "cancelled" or seat.answer == "no":
        return coffee
    if coffee.state != "confirmed":
        raise Conflict("coffee_closed")
    check_ahead(coffee, version)
    if len(taking_part(coffee)) > 2:
        continue_without(db, coffee, seat)
        return coffee
    close_coffee(db, coffee, "cancelled")
    announce(db, CoffeeCancelled(coffee.id, actor.id))
    return coffee


def expire_coffee(db: Session, actor: Actor, coffee: Coffee) -> None:
    """End of the answer time. Two of three who accepted continue; otherwise those who accepted are left."""
    authorize(policy.may_expire, actor, coffee)
    coffee = lock_coffee(db, coffee)
    if coffee.state != "proposed" or coffee.answer_by > clock.now():
        return
    for seat in taking_part(coffee):
        if seat.leaves_at is not None:
            apply_no(db, coffee, seat)
            if coffee.state != "proposed":
                return
    said = [seat for seat in taking_part(coffee) if seat.answer == "yes"]
    silent = [seat for seat in taking_part(coffee) if seat.answer == "waiting"]
    pair_left = len(said) == 2 and len(silent) == 1 and coffee.starts_at > clock.now()
    if pair_left and continue_without(db, coffee, silent[0]):
        return
    close_coffee(db, coffee, "expired")
    announce(db, CoffeeExpired(coffee.id, tuple(seat.user_id for seat in said)))
