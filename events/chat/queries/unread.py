"""Queries about messages that a person has not read yet, by read mark."""

from typing import TypeVar

from sqlalchemy import ScalarSelect, Select, SQLColumnExpression, and_, func, select
from sqlalchemy.orm import Session, joinedload

from events.chat.models import Entry, ReadMark, Room

T = TypeVar("T")
BY_MAIL = "mail-"  # client_id of a message that came in, and went out, by mail


def select_unread(subject_id: SQLColumnExpression[str], user_id: str) -> ScalarSelect[int]:
    """Number of messages of others after the person's mark, as a column of a query about subjects.

    Rights are not checked: the query gives the subjects of rooms that this person may enter.
    """
    return _unread(select(func.count(Entry.id)), subject_id, user_id).scalar_subquery()


def list_unmailed(db: Session, subject_id: str, user_id: str, first: int, end: int | None) -> list[Entry]:
    """Unread messages of others from number `first` up to `end`, without those that came by mail."""
    query = (
        _unread(select(Entry), subject_id, user_id)
        .where(Entry.seq >= first, Entry.client_id.not_like(f"{BY_MAIL}%"))
        .options(joinedload(Entry.author))
        .order_by(Entry.seq)
    )
    return list(db.scalars(query if end is None else query.where(Entry.seq < end)))


def _unread(query: Select[T], subject_id: SQLColumnExpression[str] | str, user_id: str) -> Select[T]:
    """Messages of others after the person's mark."""
    own = and_(ReadMark.room_id == Room.id, ReadMark.user_id == user_id)
    return (
        query.join(Room, Room.id == Entry.room_id)
        .outerjoin(ReadMark, own)
        .where(Room.subject_id == subject_id, Entry.kind == "posted", Entry.body != "")
        .where(Entry.author_id != user_id, Entry.seq > func.coalesce(ReadMark.seq, 0))
    )
