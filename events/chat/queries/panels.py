"""Query for the chat panel beside a livestream, for one reader."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, true, union
from sqlalchemy.orm import Session, joinedload

from events.chat.models import Entry, Mute, Room
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
    """View data of `chat/_panel.html`. `closed` is the error code why nobody can write, or None."""

    slug: str
    room: str
    host_id: str
    host_name: str
    starts_at: datetime
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
    room, muted, read = _read_room(db, actor, livestream.id)
    posted = read[-MAX_MESSAGES_SHOWN:]
    return Panel(
        slug=livestream.slug,
        room=rights.name,
        host_id=livestream.host_id,
        host_name=livestream.host.first_name,
        starts_at=livestream.starts_at,
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
        invites=may_see_members(actor, membership),
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
