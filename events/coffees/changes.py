"""What every change of a coffee keeps to: it is still open, it is decided on one version, it happens once."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from events.coffees.models import Coffee, Seat
from events.coffees.queries import taking_part
from events.core import clock
from events.core.errors import Conflict


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
