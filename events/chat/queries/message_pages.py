"""Pages of a room's current messages for the chat replay, each read in one query."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.orm import Session, joinedload

from events.chat.models import Entry, Room
from events.chat.queries.entries import ChatMessage, message_of


@dataclass(frozen=True)
class MessagePage:
    """Messages, oldest first, and whether there are more on either side."""

    messages: list[ChatMessage] = field(default_factory=list)
    earlier: bool = False
    later: bool = False


def read_messages_from(
    db: Session, subject_id: str, limit: int, first: int, moment: datetime | None = None
) -> MessagePage:
    """Up to `limit` messages from number `first` on, or, with `moment`, from `first` entries before the
    last one up to that time. Deleted messages are left out.
    """
    start = literal(first) if moment is None else _seq_at(subject_id, moment) - first
    ahead = _current(subject_id, 1).where(Entry.seq >= start).order_by(Entry.seq).limit(limit + 1)
    behind = _current(subject_id, 0).where(Entry.seq < start).order_by(Entry.seq.desc()).limit(1)
    ids = union_all(select(ahead.subquery()), select(behind.subquery())).subquery()
    query = select(Entry, ids.c.ahead).join(ids, ids.c.id == Entry.id).order_by(Entry.seq)
    rows = db.execute(query.options(joinedload(Entry.author))).all()
    found = [entry for entry, is_ahead in rows if is_ahead]
    return MessagePage(
        [message_of(entry) for entry in found[:limit]],
        earlier=bool(found) and len(found) < len(rows),
        later=len(found) > limit,
    )


def read_messages_before(db: Session, subject_id: str, limit: int, before: int) -> MessagePage:
    """The last `limit` messages before number `before`, without deleted ones."""
    newest = _current(subject_id, 0).where(Entry.seq < before).order_by(Entry.seq.desc()).limit(limit + 1)
    page = newest.subquery()
    query = select(Entry).join(page, page.c.id == Entry.id)
    found = list(db.scalars(query.order_by(Entry.seq).options(joinedload(Entry.author))))
    over = len(found) > limit
    return MessagePage([message_of(entry) for entry in found[over:]], earlier=over, later=bool(found))


def _current(subject_id: str, ahead: int) -> Select[str, int]:
    return select(Entry.id, literal(ahead).label("ahead")).where(
        Entry.room_id == _room_id(subject_id), Entry.kind == "posted", Entry.body != ""
    )


def _seq_at(subject_id: str, moment: datetime) -> ColumnElement[int]:
    """The number of the last entry up to that time; 0 before the first."""
    query = select(Entry.seq).where(Entry.room_id == _room_id(subject_id), Entry.sent_at <= moment)
    query = query.order_by(Entry.sent_at.desc(), Entry.seq.desc()).limit(1)
    return func.coalesce(query.scalar_subquery(), 0)


def _room_id(subject_id: str) -> ColumnElement[str]:
    return select(Room.id).where(Room.subject_id == subject_id).scalar_subquery()
