"""Actions on booking pages: change one's own, and book a coffee on another person's."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.accounts.queries.people import get_user, has_blocked, list_blocks, lock_people
from events.bookings import policy, rules
from events.bookings.forms import Book, OpenBooking
from events.bookings.models import BookingPage, FormerHandle
from events.bookings.queries.booking_page import (
    Booking,
    count_former_handles,
    is_taken,
    list_open_times,
    page_of,
)
from events.bookings.queries.invitations import is_open_for
from events.coffees import policy as coffees_policy
from events.coffees.actions.proposals import propose_coffee
from events.coffees.actions.responses import close_time_taken, confirm_agreed
from events.coffees.forms import Participant, Proposal
from events.coffees.models import Coffee
from events.coffees.queries.coffees import lock_coffee
from events.coffees.queries.deadlines import answer_deadline
from events.coffees.queries.shared_topics import reasons_between
from events.coffees.signals import CoffeeProposed
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce, savepoint
from events.core.db.session import get_or_create
from events.core.errors import Conflict, Invalid


def change_booking_page(db: Session, actor: Actor, data: OpenBooking) -> BookingPage:
    """Open, change or close one's page. A former handle keeps redirecting to it."""
    user = get_user(db, actor.id)
    authorize(policy.may_open_booking, actor, user)
    if data.open and not data.forms:
        raise Invalid(fields=[("forms", "missing")])
    if data.open and not data.lengths:
        raise Invalid(fields=[("lengths", "missing")])
    if data.open or data.handle:
        _set_handle(db, user, data.handle or "")
    user.takes_bookings = data.open
    page, _created = get_or_create(db, lambda: page_of(db, user.id), lambda: BookingPage(user_id=user.id))
    page.forms, page.lengths = list(data.forms), [int(length) for length in data.lengths]
    page.notice, page.horizon = int(data.notice), int(data.horizon)
    page.at_once, page.greets = data.at_once, data.greets
    page.greeting = data.greeting or ""
    db.flush()
    return page


def book_coffee(db: Session, actor: Actor, booking: Booking, data: Book) -> Coffee:
    """Request a coffee with the owner of this page.

    With automatic confirmation `auto_confirm_booking` confirms it some minutes later. A blocked person
    gets the same answer, rows and mails until then, and after that what a silent owner would cause.
    """
    owner, page, circle = booking.owner, booking.page, booking.circle
    authorize(policy.may_book, actor, owner.id, circle)
    assert circle is not None  # noqa: S101 - may_book asks for one
    lock_people(db, [actor.id, owner.id])
    minutes = int(data.minutes)
    if data.form not in page.forms:
        raise Invalid(fields=[("form", "bad_choice")])
    if minutes not in page.lengths:
        raise Invalid(fields=[("minutes", "bad_choice")])
    if has_blocked(db, actor, owner.id):
        raise Conflict("you_blocked")
    if not is_open_for(db, actor.id, owner, by_link=True):
        raise Conflict("no_booking_now")
    if data.time not in list_open_times(db, actor, booking, minutes):
        raise Conflict("time_taken")
    kept_away = bool(list_blocks(db, [actor.id, owner.id]))
    mine, theirs = reasons_between(db, circle, actor.id, owner.id)
    return propose_coffee(
        db,
        SYSTEM,
        Proposal(
            circle_id=circle.id,
            starts_at=data.time,
            answer_by=answer_deadline(db, circle, data.time),
            minutes=minutes,
            form=data.form,
            invited_by_id=actor.id,
            asked="booked",
            people=[
                Participant(actor.id, mine, data.about or "", proposes=True),
                Participant(
                    owner.id, theirs, proposes=page.at_once, delivered=not (kept_away or page.at_once)
                ),
            ],
        ),
    )


def auto_confirm_booking(db: Session, actor: Actor, coffee: Coffee) -> None:
    """Confirm without asking the owner.

    After a block it stays unanswered; if the time was taken it is closed; if it was rescheduled the owner
    is asked.
    """
    authorize(coffees_policy.may_expire, actor, coffee)
    coffee = lock_coffee(db, coffee)
    if coffee.state != "proposed" or list_blocks(db, [seat.user_id for seat in coffee.seats]):
        return
    for seat in coffee.seats:
        seat.delivered = True
    db.flush()
    if any(seat.answer == "waiting" for seat in coffee.seats):
        announce(db, CoffeeProposed(coffee.id))
        return
    try:
        with savepoint(db):
            confirm_agreed(db, SYSTEM, coffee)
    except Conflict:
        close_time_taken(db, SYSTEM, coffee)


def _set_handle(db: Session, user: User, typed: str) -> None:
    handle = rules.clean_handle(typed)
    if handle is None:
        raise Invalid(fields=[("handle", "bad_handle")])
    lock_people(db, [user.id])  # serializes counting and adding former handles
    db.refresh(user, ["handle"])
    if handle == user.handle:
        return
    if handle in rules.RESERVED or is_taken(db, handle, user.id):
        raise Invalid(fields=[("handle", "handle_taken")])
    own_former = db.get(FormerHandle, handle)
    if own_former is not None:
        db.delete(own_former)
    elif user.handle and count_former_handles(db, user.id) >= rules.MAX_FORMER_HANDLES:
        raise Invalid(fields=[("handle", "too_many_handles")])
    if user.handle:
        db.add(FormerHandle(handle=user.handle, user_id=user.id))
    user.handle = handle
    try:
        with savepoint(db):
            db.flush()
    except IntegrityError:  # taken by a concurrent request
        raise Invalid(fields=[("handle", "handle_taken")]) from None
