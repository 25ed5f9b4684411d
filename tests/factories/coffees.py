"""Coffees for tests, in any state of their life."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.availability.actions.claims import claim_times
from events.bookings.models import BookingPage
from events.circles.models import Circle
from events.coffees.models import Coffee, Promise, Seat, SharedNote
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor
from events.core.ids import new_id

HELD = {"confirmed", "met", "missed"}


def make_coffee(
    db: Session,
    circle: Circle,
    people: Sequence[User],
    *,
    state: str = "proposed",
    starts_at: datetime | None = None,
    minutes: int = 30,
    form: str = "online",
    alternatives: Sequence[datetime] = (),
    answers: Mapping[str, str] | None = None,
    reasons: Sequence[Mapping[str, object]] = (),
    on_my_mind: str = "",
    round_id: str | None = None,
    occasion_id: str | None = None,
) -> Coffee:
    """A coffee of these people: in five days, or yesterday when it is known what became of it.

    `answers` by name of the person; one that stands has everybody's yes.

    The first person has the `reasons`; the others have theirs told by `occupies`.
    """
    moment = clock.now()
    days = -1 if state in {"met", "missed"} else 5
    start = starts_at or (moment + timedelta(days=days)).replace(minute=30, second=0, microsecond=0)
    given = answers or {}
    said = "yes" if state in {*HELD, "cancelled"} else "waiting"
    coffee = Coffee(
        circle_id=circle.id,
        round_id=round_id,
        occasion_id=occasion_id,
        state=state,
        starts_at=start,
        minutes=minutes,
        form=form,
        alternatives=[time.isoformat() for time in alternatives],
        answer_by=moment + timedelta(hours=48),
        proposed_at=moment,
        confirmed_at=moment if said == "yes" else None,
        closed_at=None if state in {"proposed", "confirmed"} else moment,
        seats=[
            Seat(
                user_id=person.id,
                position=position,
                answer=given.get(person.name, said),
                reasons=[dict(reason) for reason in reasons] if position == 0 else [],
                on_my_mind=on_my_mind if position else "",
                calendar_uid=f"{new_id()}{new_id()}",
                invited=said == "yes",
            )
            for position, person in enumerate(people)
        ],
    )
    db.add(coffee)
    db.flush()
    if state == "confirmed":
        claim_times(db, SYSTEM, [person.id for person in people], start, minutes, coffee.id)
    for seat in coffee.seats:
        db.refresh(seat)
    return coffee


def make_booking_page(db: Session, owner: User, **changes: object) -> User:
    """An open page to plan a coffee on; gives its owner as they are now."""
    user = db.get_one(User, owner.id)
    user.handle, user.takes_bookings = owner.name.lower(), True
    offered: dict[str, object] = {"forms": ["online"], "lengths": [30], "greeting": "Tot ziens"}
    db.add(BookingPage(user_id=user.id, **(offered | changes)))
    db.flush()
    return user


def make_note(db: Session, coffee: Coffee, author: User, body: str, *, version: int = 1) -> SharedNote:
    note = SharedNote(
        coffee_id=coffee.id, body=body, version=version, changed_by_id=author.id, changed_at=clock.now()
    )
    db.add(note)
    db.flush()
    return note


def make_promise(db: Session, coffee: Coffee, author: User, what: str) -> Promise:
    promise = Promise(
        coffee_id=coffee.id, user_id=author.id, what=what, due_on=None, done_at=None, created_at=clock.now()
    )
    db.add(promise)
    db.flush()
    return promise


def person(user: User) -> Actor:
    """This person, signed in."""
    return Actor(kind="person", person_id=user.id, name=user.name, zone=user.zone, locale=user.locale)
