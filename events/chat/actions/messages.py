"""Actions in a chat room. Every post, edit, deletion and pin is an entry with the room's next
number."""

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from events.chat import forms, policy, rules
from events.chat.actions.marks import mark_read
from events.chat.models import Entry, Mute, NewEntry, Room
from events.chat.policy import RoomRights
from events.chat.queries.entries import find_last_about, find_message, find_posted, has_posted
from events.chat.queries.recent import remember_posted
from events.chat.queries.rooms import find_mute, find_room, is_muted, room_of
from events.chat.signals import EntryAdded, PersonMuted, PrivateMessagePosted
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.auth.crypto import fingerprint
from events.core.bus import announce
from events.core.db.session import Base, get_or_create
from events.core.errors import Conflict, Forbidden, Invalid, NotFound
from events.core.ids import new_id

# Core statement, compiled once: runs for every message.
_rooms = Base.metadata.tables["room"]
_INCREMENT_SEQ = (
    update(_rooms)
    .where(_rooms.c.subject_id == bindparam("subject_id_"))
    .values(seq=_rooms.c.seq + 1)
    .returning(_rooms.c.id, _rooms.c.seq)
)
_INSERT_ENTRY = insert(Base.metadata.tables["chat_entry"])
_RELEASE_SEQ = update(_rooms).where(_rooms.c.id == bindparam("id_")).values(seq=_rooms.c.seq - 1)


def post_message(db: Session, actor: Actor, data: forms.Post, *, by_mail: bool = False) -> Entry | NewEntry:
    """Post a message. Once committed it is durable, so the frame may be acknowledged.

    A resend with the same client_id returns the first entry; raises Conflict if the body differs.
    `by_mail`: words that a mail has brought already; they are kept in a closed room as well.
    """
    rights = find_room(db, actor, data.room)
    authorize(policy.may_post, actor, rights)
    room_id, seq = _next_seq(db, rights)
    sent, muted = find_posted(db, room_id, actor.id, data.client_id)
    if sent is not None:
        db.execute(_RELEASE_SEQ, {"id_": room_id})
        return _same_body(sent, data.body)
    if not by_mail:
        _check_may_write(rights, muted=muted)
    if data.reply_to is not None and not _exists(db, room_id, data.reply_to):
        raise Invalid("bad_reply", fields=[("reply_to", "bad_reply")])
    entry = _add(db, room_id, seq, "posted", actor.id, data.client_id, data.body, reply_to=data.reply_to)
    if rights.keeps_marks:
        mark_read(db, actor, rights, seq)
        if not by_mail:
            announce(db, PrivateMessagePosted(room_id, rights.subject_id, seq, actor.id))
    remember_posted(rights, actor, entry)
    announce(db, EntryAdded(room_id, seq, entry.id))
    return entry


def edit_message(db: Session, actor: Actor, data: forms.Edit) -> Entry | NewEntry:
    """Only the author, within EDIT_WITHIN of sending."""
    rights, room, message = _find(db, actor, data.room, data.seq)
    authorize(policy.may_edit, actor, rights, message.author_id)
    if not message.body:
        raise Conflict("line_gone")
    if message.body == data.body:
        return find_last_about(db, room.id, message.seq) or message
    if not rules.may_still_edit(message.sent_at, clock.now()):
        raise Conflict("edit_too_late")
    _check_may_write(rights, muted=is_muted(db, room.id, actor.id))
    entry = _add(db, *_next_seq(db, rights), "edited", actor.id, about=message.seq)
    message.body, message.edited_at = data.body, entry.sent_at
    announce(db, EntryAdded(room.id, entry.seq, entry.id))
    return entry


def delete_message(db: Session, actor: Actor, data: forms.Delete) -> Entry | NewEntry:
    """Delete a message for everyone, including its text in the database."""
    rights, room, message = _find(db, actor, data.room, data.seq)
    authorize(policy.may_delete, actor, rights, message.author_id)
    if not message.body:
        return find_last_about(db, room.id, message.seq) or message
    entry = _add(db, *_next_seq(db, rights), "deleted", actor.id, about=message.seq)
    message.body = ""
    if room.pinned_seq == message.seq:
        room.pinned_seq = None
    announce(db, EntryAdded(room.id, entry.seq, entry.id))
    return entry


def pin_message(db: Session, actor: Actor, data: forms.Pin) -> Entry | NewEntry:
    """Pin a message in place of the pinned one, or unpin it."""
    rights, room, message = _find(db, actor, data.room, data.seq)
    authorize(policy.may_moderate, actor, rights)
    if not message.body:
        raise Conflict("line_gone")
    if data.pinned == (room.pinned_seq == message.seq):
        return find_last_about(db, room.id, message.seq) or message
    entry = _add(db, *_next_seq(db, rights), "pinned", actor.id, about=message.seq if data.pinned else None)
    room.pinned_seq = message.seq if data.pinned else None
    announce(db, EntryAdded(room.id, entry.seq, entry.id))
    return entry


def mute_person(db: Session, actor: Actor, data: forms.Mute) -> Mute:
    """Make a person read-only until a time. They are notified."""
    rights = find_room(db, actor, data.room)
    authorize(policy.may_mute, actor, rights, data.user)
    room = _open_room(db, rights)
    if not has_posted(db, room.id, data.user):
        raise NotFound
    until = clock.now() + rules.MUTED_FOR
    mute, _created = get_or_create(
        db,
        lambda: find_mute(db, room.id, data.user),
        lambda: Mute(room_id=room.id, user_id=data.user, until=until),
    )
    mute.until = until
    db.flush()
    announce(db, PersonMuted(room.id, data.user))
    return mute


def _find(db: Session, actor: Actor, name: str, seq: int) -> tuple[RoomRights, Room, Entry]:
    rights = find_room(db, actor, name)
    room = room_of(db, rights.subject_id)
    message = find_message(db, room.id, seq) if room is not None else None
    if room is None or message is None:
        raise NotFound
    return rights, room, message


def _open_room(db: Session, rights: RoomRights) -> Room:
    """The room's row, created on first use. Safe under concurrent calls."""
    room, _created = get_or_create(
        db,
        lambda: room_of(db, rights.subject_id),
        lambda: Room(kind=rights.kind, subject_id=rights.subject_id, opened_at=clock.now()),
    )
    return room


def _check_may_write(rights: RoomRights, *, muted: bool) -> None:
    if rights.closed is not None:
        raise Conflict(rights.closed)
    if muted:
        raise Forbidden("muted")


def _same_body(sent: Entry, body: str) -> Entry:
    if sent.body_hash != fingerprint(body):
        raise Conflict("client_id_reused")
    return sent


def _exists(db: Session, room_id: str, seq: int) -> bool:
    line = find_message(db, room_id, seq)
    return line is not None and line.body != ""


def _next_seq(db: Session, rights: RoomRights) -> tuple[str, int]:
    """(room id, next number); creates the room on first use.

    The room's row stays locked until commit, so numbers are gapless and become visible in order.
    """
    asked = {"subject_id_": rights.subject_id}
    taken = db.execute(_INCREMENT_SEQ, asked).first()
    if taken is None:
        _open_room(db, rights)
        taken = db.execute(_INCREMENT_SEQ, asked).one()
    held = db.identity_map.get(identity_key(Room, taken.id))
    if held is not None:
        db.expire(held, ["seq"])
    return taken.id, taken.seq


def _add(
    db: Session,
    room_id: str,
    seq: int,
    kind: str,
    author_id: str,
    client_id: str = "",
    body: str = "",
    *,
    about: int | None = None,
    reply_to: int | None = None,
) -> NewEntry:
    entry = NewEntry(
        room_id=room_id,
        seq=seq,
        id=new_id(),
        kind=kind,
        author_id=author_id,
        client_id=client_id or new_id(),
        about_seq=about,
        reply_to_seq=reply_to,
        body=body,
        body_hash=fingerprint(body) if body else "",
        sent_at=clock.now(),
    )
    db.execute(_INSERT_ENTRY, entry._asdict())
    return entry
