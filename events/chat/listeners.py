"""Listeners that broadcast entries, notify muted people and remove former members from rooms."""

from sqlalchemy.orm import Session

from events.chat.models import Room
from events.chat.queries.entries import entry_data, list_entries
from events.chat.queries.recent import take_recent
from events.chat.queries.rooms import list_room_names, name_of
from events.chat.signals import EntryAdded, PersonMuted
from events.circles.signals import MembershipEnded
from events.core.bus import after_commit, on
from events.core.db.session import unit_of_work
from events.core.realtime.batching import Batcher
from events.core.realtime.handlers import broadcast, send_to_person
from events.core.realtime.revocations import revoke_sockets


def broadcast_entries(room_id: str, written: list[tuple[int, str]]) -> None:
    """Broadcast entries, given as (seq, id), as data that is the same for every reader.

    Adds entries of other processes between them, so that a frame has no gap.
    """
    name, entries = take_recent(written) or _read_entries(room_id, [seq for seq, _entry_id in written])
    broadcast(name, "chat.entries", {"room": name, "entries": entries})


def _read_entries(room_id: str, seqs: list[int]) -> tuple[str, list[dict[str, object]]]:
    with unit_of_work() as db:
        room = db.get_one(Room, room_id)
        first, many = min(seqs), max(seqs) - min(seqs) + 1
        entries = list_entries(db, room.id, after=first - 1, limit=many)
        return name_of(db, room), entry_data(db, entries)


_batcher = Batcher(broadcast_entries)


@after_commit(EntryAdded)
def batch_entry(signal: EntryAdded) -> None:
    """Immediately in a quiet room, batched in a busy one."""
    _batcher.add(signal.room_id, (signal.seq, signal.entry_id))


@after_commit(PersonMuted)
def notify_muted(signal: PersonMuted) -> None:
    """Sent to the muted person only."""
    with unit_of_work() as db:
        name = name_of(db, db.get_one(Room, signal.room_id))
    send_to_person(signal.user_id, "chat.muted", {"room": name})


@on(MembershipEnded)
def revoke_rooms(db: Session, signal: MembershipEnded) -> None:
    """A former member's sockets leave the circle's rooms within two seconds, on every process."""
    for name in list_room_names(db, signal.circle_id):
        revoke_sockets(db, person_id=signal.user_id, room=name)
