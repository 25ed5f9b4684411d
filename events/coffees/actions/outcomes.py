"""After a coffee: whether it took place, the shared note, and what was promised."""

from datetime import UTC, date, datetime, time

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from events.coffees import forms, policy, rules
from events.coffees.models import Coffee, Promise, SharedNote
from events.coffees.queries.coffees import lock_coffee, seat_of, taking_part
from events.coffees.signals import OutcomeGiven, PromiseMade
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict


def give_outcome(db: Session, actor: Actor, coffee: Coffee, data: forms.Outcome) -> Coffee:
    """Tell what became of it, for oneself. Answering again replaces the former answer."""
    authorize(policy.may_take_part, actor, coffee)
    coffee = lock_coffee(db, coffee)
    if coffee.state not in rules.PAST_OR_AGREED:
        raise Conflict("coffee_closed")
    if coffee.starts_at > clock.now():
        raise Conflict("coffee_not_yet")
    seat = seat_of(coffee, actor.id)
    seat.took_place = data.took_place == "yes"
    seat.worth_it = _choice(data.worth_it) if seat.took_place else None
    seat.again = _choice(data.again)
    seat.outcome_at = clock.now()
    state = rules.state_after([one.took_place for one in taking_part(coffee)])
    # Whether a talk took place was seen when it was held.
    if state != coffee.state and coffee.kind != "talk":
        coffee.state = state
        coffee.version += 1
        coffee.closed_at = None if state == "confirmed" else clock.now()
    db.flush()
    announce(db, OutcomeGiven(coffee.id, actor.id))
    return coffee


def write_note(db: Session, actor: Actor, coffee: Coffee, data: forms.Note) -> SharedNote:
    """Write the shared note on top of the version one has read; Conflict("note_changed") otherwise."""
    authorize(policy.may_take_part, actor, coffee)
    _expect_kept(coffee)
    if data.version == 0:
        _begin_note(db, coffee)
    read = max(data.version, 1)
    note = db.get(SharedNote, coffee.id)
    if note is None or note.version != read:
        raise Conflict("note_changed")
    written = db.scalar(
        update(SharedNote)
        .where(SharedNote.coffee_id == coffee.id, SharedNote.version == read)
        .values(
            body=data.body,
            version=read + 1,
            changed_by_id=actor.id,
            changed_at=clock.now(),
        )
        .returning(SharedNote.coffee_id)
    )
    if written is None:
        raise Conflict("note_changed")
    return db.get_one(SharedNote, coffee.id, populate_existing=True)


def promise_something(db: Session, actor: Actor, coffee: Coffee, data: forms.Promised) -> Promise:
    """Promise the others something. The same words twice are one promise while it is open."""
    authorize(policy.may_take_part, actor, coffee)
    _expect_kept(coffee)
    lock_coffee(db, coffee)
    query = select(Promise).where(
        Promise.coffee_id == coffee.id,
        Promise.user_id == actor.id,
        Promise.what == data.what,
        Promise.done_at.is_(None),
    )
    promise = db.scalar(query.limit(1))
    if promise is None:
        promise = Promise(
            coffee_id=coffee.id, user_id=actor.id, what=data.what, due_on=None, created_at=clock.now()
        )
        db.add(promise)
    promise.due_on = _noon(data.due_on)
    db.flush()
    announce(db, PromiseMade(promise.id))
    return promise


def mark_promise(db: Session, actor: Actor, coffee: Coffee, promise: Promise, *, done: bool) -> None:
    """Say that one's own promise is kept, or open again."""
    authorize(policy.may_keep_promise, actor, coffee, promise)
    if done != (promise.done_at is not None):
        promise.done_at = clock.now() if done else None
        db.flush()


def _choice(answer: str | None) -> bool | None:
    return None if answer is None else answer == "yes"


def _expect_kept(coffee: Coffee) -> None:
    if coffee.state not in rules.PAST_OR_AGREED:
        raise Conflict("coffee_closed")


def _begin_note(db: Session, coffee: Coffee) -> None:
    """The first version, empty; whoever begins at the same moment finds it there."""
    try:
        with db.begin_nested():
            db.add(SharedNote(coffee_id=coffee.id, body="", version=1, changed_at=clock.now()))
            db.flush()
    except IntegrityError:
        raise Conflict("note_changed") from None


def _noon(day: date | None) -> datetime | None:
    """A day as a moment that is the same day in every zone people meet from."""
    return None if day is None else datetime.combine(day, time(12), tzinfo=UTC)
