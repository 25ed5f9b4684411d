"""Queries about chat entries, as data for frames, and the messages they add up to."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session, joinedload

from events.chat import rules
from events.chat.models import Entry, NewEntry, Room
from events.core import clock
from events.core.db.read_batch import read_once
from events.core.db.session import Base
from events.core.realtime.packets import SharedReply

PAGE = 50  # entries per page
CACHE_TTL_SECONDS = 1.0  # bounds staleness of changed names and erasures, which have no number
MAX_CACHED_ROOMS = 100

# Newest page by (room, last number): every change, in any process, has a new number.
# A thousand people who enter at once share one read.
_newest: dict[tuple[str, int], tuple[float, SharedReply]] = {}
_NUMBER = select(Room.id, Room.seq).where(Room.subject_id == bindparam("subject_id"))
_rooms, _entries, _mutes = (Base.metadata.tables[name] for name in ("room", "chat_entry", "mute"))
_POSTED = (  # without objects and compiled once: runs for every message
    select(_entries.c.seq.label("sent_seq"), _mutes.c.id.label("mute_id"))
    .select_from(_rooms)
    .outerjoin(
        _entries,
        and_(
            _entries.c.room_id == _rooms.c.id,
            _entries.c.author_id == bindparam("author_id"),
            _entries.c.client_id == bindparam("client_id"),
        ),
    )
    .outerjoin(
        _mutes,
        and_(
            _mutes.c.room_id == _rooms.c.id,
            _mutes.c.user_id == bindparam("author_id"),
            _mutes.c.until > bindparam("moment"),
        ),
    )
    .where(_rooms.c.id == bindparam("room_id"))
)

_AFTER = (  # compiled once: runs for every tick of a busy room
    select(Entry)
    .where(Entry.room_id == bindparam("room_id"), Entry.seq > bindparam("after"))
    .options(joinedload(Entry.author))
    .order_by(Entry.seq)
    .limit(bindparam("many"))
)


@dataclass(frozen=True)
class ChatMessage:
    """A message in its current form, after edits; without a body once deleted."""

    seq: int
    id: str
    author_id: str
    author_name: str
    initial: str
    tone: int
    body: str
    body_html: str | None
    sent_at: datetime
    reply_to: int | None
    deleted: bool
    edited: bool = False


def list_entries(
    db: Session, room_id: str, after: int | None = None, before: int | None = None, limit: int = PAGE
) -> list[Entry]:
    """Ascending: those after a number, those just before one, or the newest."""
    if after is not None:
        return list(db.scalars(_AFTER, {"room_id": room_id, "after": after, "many": limit}))
    query = select(Entry).where(Entry.room_id == room_id).options(joinedload(Entry.author)).limit(limit)
    if before is not None:
        query = query.where(Entry.seq < before)
    return list(reversed(list(db.scalars(query.order_by(Entry.seq.desc())))))


def read_entries(
    db: Session, subject_id: str, after: int | None = None, before: int | None = None
) -> dict[str, object]:
    """A page of entries as data: `entries`, `last_seq`, and whether there are `more` that way."""
    asked = {"subject_id": subject_id}
    room = read_once(db, ("number of a room", subject_id), lambda: db.execute(_NUMBER, asked).first())
    if room is None:
        return {"entries": [], "last_seq": 0, "more": False}
    if after is not None or before is not None:
        return _page_of(db, room.id, room.seq, after, before)
    key, moment = (room.id, room.seq), time.monotonic()
    if key not in _newest or moment - _newest[key][0] >= CACHE_TTL_SECONDS:
        if len(_newest) >= MAX_CACHED_ROOMS:
            _newest.clear()
        _newest[key] = moment, SharedReply(_page_of(db, room.id, room.seq))
    return _newest[key][1]


def _page_of(
    db: Session, room_id: str, seq: int, after: int | None = None, before: int | None = None
) -> dict[str, object]:
    entries = list_entries(db, room_id, after=after, before=before)
    # Under READ COMMITTED an entry may be committed between the two reads; the page is newer.
    newest = max(seq, entries[-1].seq) if entries else seq
    more = bool(entries) and (entries[-1].seq < newest if after is not None else entries[0].seq > 1)
    return {"entries": entry_data(db, entries), "last_seq": newest, "more": more}


def entry_data(db: Session, entries: Sequence[Entry]) -> list[dict[str, object]]:
    """Entries as sent in frames and history: the same for every reader.

    `id`, `author` and `body` are those of the message that the entry posts or refers to.
    """
    about = {entry.about_seq for entry in entries if entry.about_seq is not None}
    lines: dict[int, Entry] = {}
    if about:
        query = select(Entry).where(Entry.room_id == entries[0].room_id, Entry.seq.in_(about))
        lines = {line.seq: line for line in db.scalars(query.options(joinedload(Entry.author)))}
    subjects = [(entry, lines.get(entry.about_seq or entry.seq, entry)) for entry in entries]
    return [data_of(entry, line, line.author.name) for entry, line in subjects]


def find_message(db: Session, room_id: str, seq: int) -> Entry | None:
    return db.scalar(select(Entry).where(Entry.room_id == room_id, Entry.seq == seq, Entry.kind == "posted"))


def find_posted(db: Session, room_id: str, author_id: str, client_id: str) -> tuple[Entry | None, bool]:
    """(entry posted by this author under that client_id, whether they are muted); for a new message in
    one query.
    """
    asked = {"room_id": room_id, "author_id": author_id, "client_id": client_id, "moment": clock.now()}
    sent_seq, mute_id = db.execute(_POSTED, asked).one()
    sent = db.get_one(Entry, (room_id, sent_seq)) if sent_seq is not None else None
    return sent, mute_id is not None


def has_posted(db: Session, room_id: str, user_id: str) -> bool:
    query = select(Entry.id).where(Entry.room_id == room_id, Entry.author_id == user_id)
    return db.scalar(query.limit(1)) is not None


def find_last_about(db: Session, room_id: str, seq: int) -> Entry | None:
    """The latest edit, deletion or pin of a message."""
    query = select(Entry).where(Entry.room_id == room_id, Entry.about_seq == seq)
    return db.scalar(query.order_by(Entry.seq.desc()).limit(1))


def data_of(entry: Entry | NewEntry, message: Entry | NewEntry, author_name: str) -> dict[str, object]:
    """One entry as data; `message` is the posted entry it refers to, or itself."""
    data: dict[str, object] = {
        "seq": entry.seq,
        "kind": entry.kind,
        "id": message.id,
        "author": {"id": message.author_id, "name": author_name},
        "body": "" if message.kind != "posted" else message.body,
        "sent_at": entry.sent_at.isoformat(),
    }
    if entry.kind == "posted":
        data["client_id"] = entry.client_id
    if entry.reply_to_seq is not None:
        data["reply_to"] = entry.reply_to_seq
    html = rules.html_of(message.body)
    if html is not None:
        data["body_html"] = html
    return data


def message_of(entry: Entry) -> ChatMessage:
    return ChatMessage(
        seq=entry.seq,
        id=entry.id,
        author_id=entry.author_id,
        author_name=entry.author.name,
        initial=entry.author.initial,
        tone=entry.author.tone,
        body=entry.body,
        body_html=rules.html_of(entry.body),
        sent_at=entry.sent_at,
        reply_to=entry.reply_to_seq,
        deleted=not entry.body,
        edited=entry.edited_at is not None,
    )
