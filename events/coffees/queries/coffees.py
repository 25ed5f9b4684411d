"""Queries on coffees by id, person, round and circle, on their seats and promises."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from events.coffees import policy
from events.coffees.models import Coffee, Promise, Seat
from events.coffees.rules import (
    AGREED_STATES,
    AUTO_CLOSE_AFTER,
    CLOSED_STATES,
    OPEN,
    PAST_OR_AGREED,
    pairs_with_wish_left,
)
from events.core import clock
from events.core.auth.actor import Actor
from events.core.db.paging import Page, window
from events.core.errors import NotFound
from events.core.ids import ID_LENGTH

MAX_LISTED = 60
_WHOLE = (joinedload(Coffee.circle), joinedload(Coffee.seats))  # one coffee, in one query


def get_coffee(db: Session, coffee_id: str) -> Coffee:
    """No permission check: for jobs, listeners and features above."""
    known = len(coffee_id) == ID_LENGTH and coffee_id.isalnum()
    coffee = db.get(Coffee, coffee_id, options=_WHOLE) if known else None
    if coffee is None:
        raise NotFound
    return coffee


def get_visible(db: Session, actor: Actor, coffee_id: str) -> Coffee:
    """NotFound for other people's coffees."""
    coffee = get_coffee(db, coffee_id)
    if not policy.may_see(actor, coffee):
        raise NotFound
    return coffee


def lock_coffee(db: Session, coffee: Coffee) -> Coffee:
    """Row lock (SELECT ... FOR UPDATE) with a fresh read: answers are serialized."""
    query = select(Coffee).where(Coffee.id == coffee.id).with_for_update(of=Coffee)
    return db.scalars(query.execution_options(populate_existing=True)).one()


def seat_of(coffee: Coffee, user_id: str) -> Seat:
    for seat in coffee.seats:
        if seat.user_id == user_id:
            return seat
    raise NotFound


def taking_part(coffee: Coffee) -> list[Seat]:
    """Seats without a no, in order."""
    return [seat for seat in coffee.seats if seat.answer != "no"]


def recipients_of(coffee: Coffee) -> list[str]:
    """User ids whose pages hear of a change; of a closed coffee everyone it was delivered to.

    A third person who left hears nothing more.
    """
    inside = taking_part(coffee)
    return [seat.user_id for seat in (inside if len(inside) > 1 else coffee.seats) if seat.delivered]


def others_of(coffee: Coffee, user_id: str) -> list[Seat]:
    """Partners of this person; of a closed coffee all original partners."""
    seats = coffee.seats if coffee.state in CLOSED_STATES else taking_part(coffee)
    return [seat for seat in seats if seat.user_id != user_id]


def partners_of(coffee: Coffee, user_id: str) -> list[str]:
    return [seat.user_id for seat in others_of(coffee, user_id)]


def list_coffees(db: Session, actor: Actor) -> list[Coffee]:
    """The actor's open coffees that they did not decline, latest first."""
    if actor.person_id is None:
        return []
    query = _own_coffees(actor).where(Coffee.state.in_(OPEN)).limit(MAX_LISTED)
    return [coffee for coffee in db.scalars(query) if policy.may_see(actor, coffee)]


def list_past(db: Session, actor: Actor, besides: Collection[str], number: int) -> Page[Coffee]:
    """A page of the actor's coffees except `besides`, latest first."""
    query = _own_coffees(actor).where(Coffee.id.not_in(besides))
    return Page.of(db.scalars(window(query, number)), number)


def _own_coffees(actor: Actor) -> Select[Coffee]:
    """Of an after-talk only the talks that took place."""
    return (
        select(Coffee)
        .join(Seat)
        .where(Seat.user_id == actor.person_id, Seat.answer != "no", Seat.delivered)
        .where(Seat.leaves_at.is_(None))
        .where((Coffee.kind == "coffee") | (Coffee.state == "met"))
        .order_by(Coffee.starts_at.desc(), Coffee.id)
        .options(joinedload(Coffee.circle))
    )


def list_of_round(db: Session, round_id: str) -> list[Coffee]:
    query = select(Coffee).where(Coffee.round_id == round_id).order_by(Coffee.proposed_at, Coffee.id)
    return list(db.scalars(query))


def list_unreported(db: Session, most: int) -> list[Coffee]:
    """Agreed coffees that are due for closing, oldest first."""
    query = select(Coffee).where(
        Coffee.state == "confirmed",
        Coffee.closed_at.is_(None),
        Coffee.starts_at < clock.now() - AUTO_CLOSE_AFTER,
    )
    found = db.scalars(query.order_by(Coffee.starts_at, Coffee.id).limit(most))
    return [coffee for coffee in found if coffee.ends_at + AUTO_CLOSE_AFTER <= clock.now()]


def list_mutual_again_pairs(db: Session, circle_id: str, since: datetime) -> set[frozenset[str]]:
    """Pairs who both want to meet again, by their latest meeting, and had one coffee at most since then.

    With `since` at the start of the circle's window a wish brings one more coffee within it, then others
    come first. Columns instead of objects: a circle has thousands of coffees, which take seconds to load.
    """
    query = (
        select(Seat.coffee_id, Coffee.kind, Coffee.starts_at, Seat.user_id, Seat.again)
        .join(Coffee, Coffee.id == Seat.coffee_id)
        .where(Coffee.circle_id == circle_id, Coffee.state.in_(AGREED_STATES), Seat.answer != "no")
        .order_by(Coffee.starts_at, Coffee.id)
    )
    by_coffee: dict[str, dict[str, bool | None]] = defaultdict(dict)
    counts: dict[str, bool] = {}
    for coffee_id, kind, starts_at, user_id, again in db.execute(query):
        by_coffee[coffee_id][user_id] = again
        counts[coffee_id] = kind == "coffee" and starts_at >= since
    return pairs_with_wish_left((seats, counts[coffee_id]) for coffee_id, seats in by_coffee.items())


def list_last_in_trio(db: Session, circle_id: str) -> set[str]:
    """User ids whose latest agreed coffee from a round had three people."""
    inside = (
        select(Seat.coffee_id, func.count(Seat.id).label("many"))
        .where(Seat.answer != "no")
        .group_by(Seat.coffee_id)
        .subquery()
    )
    query = (
        select(Seat.user_id, inside.c.many)
        .join(Coffee, Coffee.id == Seat.coffee_id)
        .join(inside, inside.c.coffee_id == Coffee.id)
        .where(Coffee.circle_id == circle_id, Coffee.kind == "coffee", Coffee.round_id.is_not(None))
        .where(Coffee.state.in_(AGREED_STATES), Seat.answer != "no")
        .order_by(Coffee.starts_at, Coffee.id)
    )
    latest: dict[str, int] = dict(db.execute(query).all())
    return {user_id for user_id, many in latest.items() if many == 3}


def get_promise(db: Session, coffee: Coffee, promise_id: str) -> Promise:
    known = len(promise_id) == ID_LENGTH and promise_id.isalnum()
    promise = db.get(Promise, promise_id) if known else None
    if promise is None or promise.coffee_id != coffee.id:
        raise NotFound
    return promise


def list_promises(db: Session, coffee: Coffee) -> list[Promise]:
    """Open ones first, by date."""
    query = select(Promise).where(Promise.coffee_id == coffee.id).options(joinedload(Promise.user))
    found = db.scalars(query.order_by(Promise.created_at))
    return sorted(found, key=lambda one: (one.done_at is not None, one.due_on or one.created_at))


def list_own_promises(db: Session, actor: Actor) -> list[tuple[Promise, Coffee]]:
    """Open promises of the actor, nearest date first."""
    query = (
        select(Promise, Coffee)
        .join(Coffee, Coffee.id == Promise.coffee_id)
        .where(
            Promise.user_id == actor.person_id, Promise.done_at.is_(None), Coffee.state.in_(PAST_OR_AGREED)
        )
        .order_by(Promise.due_on.is_(None), Promise.due_on, Promise.created_at)
        .limit(MAX_LISTED)
    )
    found = db.execute(query).all()
    return [(promise, coffee) for promise, coffee in found if policy.may_keep_promise(actor, coffee, promise)]


def key_path(db: Session, coffee_id: str) -> str | None:
    """Target of a personal key for a coffee; None once it is gone."""
    return f"/coffees/{coffee_id}" if db.get(Coffee, coffee_id) is not None else None
