"""What follows: everyone in a room hears of its new entries; who left the circle hears no more."""

from sqlalchemy.orm import Session

from events.chat.models import Room
from events.chat.queries import entry_data, list_entries, list_room_names, name_of, take_recent
from events.chat.signals import EntryAdded, PersonMuted
from events.circles.signals import MembershipEnded
from events.core.background import end_right
from events.core.batching import Batcher
from events.core.bus import after, on
from events.core.db import unit_of_work
from events.core.realtime import broadcast, send_to_person


def send_entries(room_id: str, written: list[tuple[int, str]]) -> None:
    """Broadcast entries, given as (seq, id), as data; words, local times and rights are on readers' pages.

    Entries of another process that lie between them go along, so that a frame has no gap in its numbers.
    """
    name, entries = take_recent(written) or _read_entries(room_id, [seq for seq, _entry_id in written])
    broadcast(name, "chat.entries", {"room": name, "entries": entries})


def _read_entries(room_id: str, seqs: list[int]) -> tuple[str, list[dict[str, object]]]:
    with unit_of_work() as db:
        room = db.get_one(Room, room_id)
        first, many = min(seqs), max(seqs) - min(seqs) + 1
        entries = list_entries(db, room.id, after=first - 1, limit=many)
        return name_of(db, room), entry_data(db, entries)


_batcher = Batcher(send_entries)


@after(EntryAdded)
def send_entry(signal: EntryAdded) -> None:
    """At once in a quiet room, with others in a busy one."""
    _batcher.add(signal.room_id, (signal.seq, signal.entry_id))


@after(PersonMuted)
def tell_muted(signal: PersonMuted) -> None:
    """Whoever is muted learns it at once; nobody else does."""
    with unit_of_work() as db:
        name = name_of(db, db.get_one(Room, signal.room_id))
    send_to_person(signal.user_id, "chat.muted", {"room": name})


@on(MembershipEnded)
def empty_seats(db: Session, signal: MembershipEnded) -> None:
    """Who is no longer in the circle leaves its rooms within two seconds, wherever their sockets are."""
    for name in list_room_names(db, signal.circle_id):
        end_right(db, person_id=signal.user_id, room=name)
