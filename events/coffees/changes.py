"""What every change of a coffee keeps to: it is still open, it is decided on one version, it happens once."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from events.coffees import rules
from events.coffees.models import Coffee, Seat
from events.coffees.queries import taking_part
from events.core import clock
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
    if not now + rules.NOTICE <= starts_at <= now + rules.FURTHEST:
        raise Invalid(fields=[("day", "too_soon_or_far")])


def ask_again(coffee: Coffee, seat: Seat) -> None:
    """Void what the others said, since `seat` wants it otherwise; calendars have a higher number to hear."""
    for one in taking_part(coffee):
        one.answer, one.answered_at = "waiting", None
        one.sequence += one.invited
    say_answer(seat, "yes")


def say_answer(seat: Seat, answer: str) -> None:
    seat.answer, seat.answered_at = answer, clock.now()


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
