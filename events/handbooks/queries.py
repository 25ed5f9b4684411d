"""Queries about a circle's book, for its team."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from events.circles.models import Circle, Membership
from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.errors import NotFound
from events.handbooks import policy
from events.handbooks.models import BookEntry
from events.handbooks.rules import sort_year


@dataclass(frozen=True)
class Book:
    """`gone`: ids of people named in it who are no members any more. `vacant`: entries to hand over."""

    dates: list[BookEntry]
    roles: list[BookEntry]
    accounts: list[BookEntry]
    gone: frozenset[str]
    vacant: list[BookEntry]


def read_book(db: Session, actor: Actor, circle: Circle) -> Book:
    authorize(policy.may_use_book, actor, membership_of(db, actor, circle.id))
    query = select(BookEntry).where(BookEntry.circle_id == circle.id).order_by(BookEntry.what, BookEntry.id)
    found = list(db.scalars(query.options(joinedload(BookEntry.holder), joinedload(BookEntry.stand_in))))
    named = {id_ for one in found for id_ in (one.holder_id, one.stand_in_id) if id_ is not None}
    members = set(
        db.scalars(
            select(Membership.user_id).where(Membership.circle_id == circle.id, Membership.user_id.in_(named))
        )
    )
    gone = frozenset(named - members)
    return Book(
        dates=sort_year((one for one in found if one.kind == "date"), clock.now().date()),
        roles=[one for one in found if one.kind == "role"],
        accounts=[one for one in found if one.kind == "account"],
        gone=gone,
        vacant=[one for one in found if _is_vacant(one, gone)],
    )


def get_entry(db: Session, circle: Circle, entry_id: str) -> BookEntry:
    found = db.get(BookEntry, entry_id)
    if found is None or found.circle_id != circle.id:
        raise NotFound
    return found


def count_entries(db: Session, circle_id: str, kind: str) -> int:
    query = select(func.count(BookEntry.id))
    return db.scalar(query.where(BookEntry.circle_id == circle_id, BookEntry.kind == kind)) or 0


def count_vacant(circle_ids: Collection[str]) -> Select[str, int, datetime]:
    """By circle: entries whose holder or stand-in left, and since when the oldest stands as it does."""
    left = [
        and_(column.is_not(None), ~_is_member(column))
        for column in (BookEntry.holder_id, BookEntry.stand_in_id)
    ]
    vacant = or_(and_(BookEntry.held, BookEntry.holder_id.is_(None)), *left)
    return (
        select(BookEntry.circle_id, func.count(), func.min(BookEntry.changed_at))
        .where(BookEntry.circle_id.in_(circle_ids), vacant)
        .group_by(BookEntry.circle_id)
    )


def _is_vacant(entry: BookEntry, gone: Collection[str]) -> bool:
    nobody = entry.held and entry.holder_id is None
    return nobody or entry.holder_id in gone or entry.stand_in_id in gone


def _is_member(column: InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
    return exists().where(Membership.circle_id == BookEntry.circle_id, Membership.user_id == column)
