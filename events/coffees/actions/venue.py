"""Actions on the venue of a coffee: place, own meeting link, phone number."""

from sqlalchemy.orm import Session

from events.accounts.rules import is_meeting_link, parse_phone
from events.coffees import policy, rules
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import lock_coffee, seat_of, taking_part
from events.coffees.queries.deadlines import answer_deadline
from events.coffees.signals import CoffeeNumberGiven, CoffeePlaceChosen, CoffeePlaceSet
from events.coffees.transitions import check_changeable, reset_answers, update_version
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict, Invalid


def choose_place(db: Session, actor: Actor, coffee: Coffee, place: str, version: int | None = None) -> Coffee:
    """Set the place, or the address of one's own meeting.

    A confirmed coffee's first place is only announced, and so is every link. Another place resets the other
    answers; the time stays claimed while they are asked.
    """
    authorize(policy.may_answer, actor, coffee)
    coffee = lock_coffee(db, coffee)
    seat = seat_of(coffee, actor.id)
    if coffee.form not in rules.FORMS_WITH_PLACE:
        raise Conflict("coffee_without_place")
    if coffee.form == "own_link" and not is_meeting_link(place):
        raise Invalid(fields=[("place", "bad_meeting_link")])
    if coffee.place == place and seat.answer == "yes" and coffee.state in rules.OPEN:
        return coffee
    check_changeable(coffee, seat, version)
    if coffee.state == "confirmed" and (not coffee.place or coffee.form == "own_link"):
        _set_place(db, coffee, place)
    else:
        _request_place(db, coffee, seat, place)
    return coffee


def give_number(db: Session, actor: Actor, coffee: Coffee, phone: str | None) -> Seat:
    """Share a phone number for this coffee, or revoke it; visible once the coffee is confirmed."""
    authorize(policy.may_take_part, actor, coffee)
    coffee = lock_coffee(db, coffee)
    seat = seat_of(coffee, actor.id)
    if coffee.form != "phone" or coffee.state not in rules.OPEN:
        raise Conflict("coffee_without_number")
    number = parse_phone(phone, seat.user.zone) if phone else ""
    if number is None:
        raise Invalid(fields=[("phone", "bad_phone")])
    if number != seat.phone:
        seat.phone = number
        db.flush()
        announce(db, CoffeeNumberGiven(coffee.id, actor.id))
    return seat


def _set_place(db: Session, coffee: Coffee, place: str) -> None:
    for one in taking_part(coffee):
        one.sequence += one.invited
    update_version(db, coffee, place=place)
    announce(db, CoffeePlaceSet(coffee.id))


def _request_place(db: Session, coffee: Coffee, seat: Seat, place: str) -> None:
    reset_answers(coffee, seat)
    until = answer_deadline(db, coffee.circle, coffee.starts_at)
    update_version(
        db, coffee, state="proposed", place=place, answer_by=until, asked="place", asked_by_id=seat.user_id
    )
    announce(db, CoffeePlaceChosen(coffee.id, seat.user_id))
