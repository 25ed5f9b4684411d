"""Queries for the chat panel of one reader, beside a livestream or at a coffee."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, select, true, union
from sqlalchemy.orm import Session, joinedload

from events.chat.models import Entry, Mute, ReadMark, Room
from events.chat.policy import RoomRights
from events.chat.queries.entries import ChatMessage, message_of
from events.chat.queries.rooms import livestream_rights
from events.circles.policy import may_see_members
from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import Actor
from events.core.ids import new_id
from events.livestreams.models import Livestream

MAX_MESSAGES_SHOWN = 30  # messages in the page; earlier ones load on scrolling


@dataclass(frozen=True)
class Panel:
    """View data of `chat/_panel.html`. `closed` is the error code why nobody can write, or None.

    Host and start are those of a livestream, empty for other kinds of room.
    """

    kind: str
    slug: str
    room: str
    host_id: str
    host_name: str
    starts_at: datetime | None
    lines: list[ChatMessage]
    pinned: ChatMessage | None
    last_seq: int
    first_seq: int
    reader_id: str | None
    reader_name: str
    may_post: bool
    may_moderate: bool
    closed: str | None
    muted: bool
    invites: bool  # the reader may invite a message's author for a coffee
    rights: RoomRights
    keeps_marks: bool = False
    read_seq: int = 0  # how far this reader had read

    @property
    def has_new(self) -> bool:
        return any(line.seq > self.read_seq and line.author_id != self.reader_id for line in self.lines)

    @property
    def more(self) -> bool:
        """Whether there may be earlier messages."""
        return self.first_seq > 1

    @property
    def fresh_id(self) -> str:
        """A client_id for a form without scripts, so that sending it twice posts once."""
        return new_id()

    @property
    def line_of(self) -> dict[int, ChatMessage]:
        return {line.seq: line for line in self.lines}


def panel_of(db: Session, actor: Actor, livestream: Livestream) -> Panel:
    """The newest messages and this reader's rights."""
    membership = membership_of(db, actor, livestream.circle_id)
    rights = livestream_rights(actor, livestream, membership)
    panel = room_panel_of(db, actor, rights)
    return replace(
        panel,
        host_id=livestream.host_id,
        host_name=livestream.host.first_name,
        starts_at=livestream.starts_at,
        invites=may_see_members(actor, membership),
    )


def room_panel_of(db: Session, actor: Actor, rights: RoomRights) -> Panel:
    """The panel of any room that the actor may enter, in one query."""
    room, muted, read = _read_room(db, actor, rights.subject_id)
    posted = read[-MAX_MESSAGES_SHOWN:]
    return Panel(
        kind=rights.kind,
        slug=rights.name.partition(":")[2],
        room=rights.name,
        host_id="",
        host_name="",
        starts_at=None,
        lines=[message_of(entry) for entry in posted],
        pinned=_pinned(room, read),
        last_seq=room.seq if room is not None else 0,
        first_seq=posted[0].seq if posted else 1,
        reader_id=actor.person_id,
        reader_name=actor.name,
        may_post=actor.person_id is not None and rights.may_post,
        may_moderate=rights.may_moderate,
        closed=rights.closed,
        muted=muted,
        invites=False,
        rights=rights,
        keeps_marks=rights.keeps_marks,
        read_seq=_read_seq(db, actor, room) if rights.keeps_marks else 0,
    )


def _read_room(db: Session, actor: Actor, subject_id: str) -> tuple[Room | None, bool, list[Entry]]:
    """The room, whether the actor is muted in it, its newest messages and the pinned one, oldest first."""
    own = and_(Mute.room_id == Room.id, Mute.user_id == actor.person_id, Mute.until > clock.now())
    room_id = select(Room.id).where(Room.subject_id == subject_id).scalar_subquery()
    posted = select(Entry.id).where(Entry.room_id == room_id, Entry.kind == "posted")
    newest = posted.order_by(Entry.seq.desc()).limit(MAX_MESSAGES_SHOWN).subquery()
    pinned = posted.join(Room).where(Entry.seq == Room.pinned_seq)
    shown = union(select(newest.c.id), pinned).subquery()
    query = (
        select(Room, Mute.id, Entry)
        .outerjoin(Mute, own)
        .outerjoin(shown, true())
        .outerjoin(Entry, Entry.id == shown.c.id)
        .where(Room.subject_id == subject_id)
        .order_by(Entry.seq)
        .options(joinedload(Entry.author))
    )
    found = db.execute(query).all()
    if not found:
        return None, False, []
    room, mute_id, _first = found[0]
    return room, mute_id is not None, [entry for _room, _mute, entry in found if entry is not None]


def _pinned(room: Room | None, read: list[Entry]) -> ChatMessage | None:
    if room is None or room.pinned_seq is None:
        return None
    entry = next((one for one in read if one.seq == room.pinned_seq), None)
    return message_of(entry) if entry is not None and entry.body else None


def _read_seq(db: Session, actor: Actor, room: Room | None) -> int:
    mark = db.get(ReadMark, (room.id, actor.person_id)) if room is not None else None
    return mark.seq if mark is not None else 0
