"""Queries about messages that a person has not read yet, by read mark."""

from collections.abc import Collection

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from events.chat.models import Entry, ReadMark, Room

BY_MAIL = "mail-"  # client_id of a message that came in, and went out, by mail


def count_unread(db: Session, user_id: str | None, subject_ids: Collection[str]) -> dict[str, int]:
    """Messages of others after the person's mark, by subject of the room; rooms without any are absent.

    Rights are not checked: give the subjects of rooms that this person may enter.
    """
    if not subject_ids or user_id is None:
        return {}
    own = and_(ReadMark.room_id == Room.id, ReadMark.user_id == user_id)
    query = (
        select(Room.subject_id, func.count(Entry.id))
        .join(Entry, Entry.room_id == Room.id)
        .outerjoin(ReadMark, own)
        .where(Room.subject_id.in_(subject_ids), Entry.kind == "posted", Entry.body != "")
        .where(Entry.author_id != user_id, Entry.seq > func.coalesce(ReadMark.seq, 0))
        .group_by(Room.subject_id)
    )
    return dict(db.execute(query).all())


def list_unmailed(db: Session, subject_id: str, user_id: str, first: int, end: int | None) -> list[Entry]:
    """Unread messages of others from number `first` up to `end`, without those that came by mail."""
    own = and_(ReadMark.room_id == Room.id, ReadMark.user_id == user_id)
    query = (
        select(Entry)
        .join(Room, Room.id == Entry.room_id)
        .outerjoin(ReadMark, own)
        .where(Room.subject_id == subject_id, Entry.kind == "posted", Entry.body != "")
        .where(Entry.author_id != user_id, Entry.seq > func.coalesce(ReadMark.seq, 0), Entry.seq >= first)
        .where(Entry.client_id.not_like(f"{BY_MAIL}%"))
        .options(joinedload(Entry.author))
        .order_by(Entry.seq)
    )
    return list(db.scalars(query if end is None else query.where(Entry.seq < end)))
