"""Actions on the promises that participants of a coffee make."""

from datetime import UTC, date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.coffees import forms, policy
from events.coffees.models import Coffee, Promise
from events.coffees.queries.coffees import lock_coffee
from events.coffees.signals import PromiseMade
from events.coffees.transitions import check_agreed
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce


def add_promise(db: Session, actor: Actor, coffee: Coffee, data: forms.Promised) -> Promise:
    """The same words are one promise while it is open; its date is updated."""
    authorize(policy.may_take_part, actor, coffee)
    check_agreed(coffee)
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
    promise.due_on = _noon_utc(data.due_on)
    db.flush()
    announce(db, PromiseMade(promise.id))
    return promise


def mark_promise(db: Session, actor: Actor, coffee: Coffee, promise: Promise, *, done: bool) -> None:
    authorize(policy.may_keep_promise, actor, coffee, promise)
    if done != (promise.done_at is not None):
        promise.done_at = clock.now() if done else None
        db.flush()


def _noon_utc(day: date | None) -> datetime | None:
    """Noon in UTC is the same day in every inhabited zone people meet from."""
    return None if day is None else datetime.combine(day, time(12), tzinfo=UTC)
