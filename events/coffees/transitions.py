"""What every change of a coffee keeps to: it is still open, it is decided on one version, it happens once."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from events.availability.actions.claims import claim_times, release_claims
from events.availability.queries.claims import overlaps
from events.coffees import rules
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import taking_part
from events.coffees.signals import CoffeeConfirmed, CoffeeDeclined, CoffeeLeft, CoffeeMoved, CoffeePlaceSet
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.bus import announce
from events.core.errors import Conflict, Invalid


def expect_changeable(coffee: Coffee, seat: Seat, version: int | None) -> None:
    if coffee.state != "confirmed" or seat.answer == "no":
        expect_open(coffee, seat, version)
    else:
        expect_ahead(coffee, version)


def expect_open(coffee: Coffee, seat: Seat, version: int | None) -> None:
    if coffee.state != "proposed" or seat.answer == "no":
        raise Conflict("coffee_closed")
    expect_ahead(coffee, version)


def expect_ahead(coffee: Coffee, version: int | None) -> None:
    if version is not None and version != coffee.version:
        raise Conflict("coffee_changed")
    if coffee.starts_at <= clock.now():
        raise Conflict("coffee_begun")


def expect_moment(starts_at: datetime) -> None:
    """A time that somebody names: on the quarter, near enough to plan and far enough to answer."""
    now = clock.now()
    if starts_at.minute % 15 or starts_at.second or starts_at.microsecond:
        raise Invalid(fields=[("hour", "not_on_the_quarter")])
    if not now + rules.NOTICE <= starts_at <= now + rules.MAX_AHEAD:
        raise Invalid(fields=[("day", "too_soon_or_far")])


def ask_again(coffee: Coffee, seat: Seat) -> None:
    """Void what the others said, since `seat` wants it otherwise; calendars have a higher number to hear."""
    for one in taking_part(coffee):
        one.answer, one.answered_at = "waiting", None
        one.sequence += one.invited
    say_answer(seat, "yes")


def say_answer(seat: Seat, answer: str) -> None:
    """Record an answer; it ends a decline that was on hold."""
    seat.answer, seat.answered_at, seat.leaves_at = answer, clock.now(), None


def write_change(db: Session, coffee: Coffee, **values: object) -> None:
    """Write a change that was decided on this version of the coffee, unless another came first."""
    db.flush()
    written = db.scalar(
        update(Coffee)
        .where(Coffee.id == coffee.id, Coffee.version == coffee.version)
        .values(version=coffee.version + 1, **values)
        .returning(Coffee.id)
        .execution_options(synchronize_session="fetch")
    )
    if written is None:
        raise Conflict("coffee_changed")


def step_out(db: Session, coffee: Coffee, seat: Seat) -> None:
    """A no takes effect. Of three the other two go on, unless they cannot; declines on hold count by now."""
    if len(taking_part(coffee)) > 2:
        if go_on_without(db, coffee, seat):
            return
    else:
        _leave(seat)
    for one in taking_part(coffee):
        if one.leaves_at is not None:
            _leave(one)
    left = tuple(one.user_id for one in taking_part(coffee))
    close_coffee(db, coffee, "declined")
    announce(db, CoffeeDeclined(coffee.id, left))


def all_agree(seats: Iterable[Seat]) -> bool:
    return all(seat.answer == "yes" and seat.leaves_at is None for seat in seats)


def _leave(seat: Seat) -> None:
    """A no; a calendar that holds the entry will hear so, under a higher number."""
    say_answer(seat, "no")
    seat.sequence += seat.invited


def confirm_now(db: Session, coffee: Coffee) -> None:
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


def go_on_without(db: Session, coffee: Coffee, seat: Seat) -> bool:
    """One of three steps out and the other two keep the coffee; it stands when both said yes already.

    False when they cannot go on because their time was given away meanwhile.
    """
    _leave(seat)
    release_claims(db, SYSTEM, coffee.id, user_id=seat.user_id)
    write_change(db, coffee)
    rest = taking_part(coffee)
    agreed = coffee.state == "proposed" and all_agree(rest)
    people = [one.user_id for one in rest]
    if agreed and overlaps(db, people, coffee.starts_at, coffee.minutes, besides=coffee.id):
        return False
    announce(db, CoffeeLeft(coffee.id, seat.user_id))
    if agreed:
        confirm_now(db, coffee)
    return True


def close_coffee(db: Session, coffee: Coffee, state: str) -> None:
    """It is over: the time is everyone's own again, and calendars hear so, under a higher number."""
    release_claims(db, SYSTEM, coffee.id)
    for seat in taking_part(coffee):
        seat.sequence += seat.invited
    write_change(db, coffee, state=state, closed_at=clock.now())
