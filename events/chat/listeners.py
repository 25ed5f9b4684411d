"""What follows: everyone in a room hears of its new entries; who left the circle hears no more."""

from sqlalchemy.orm import Session

from events.chat.models import Room
from events.chat.queries import entry_data, list_entries, list_room_names, name_of
from events.chat.signals import EntryAdded, PersonMuted
from events.circles.signals import MembershipEnded
from events.core.background import end_right
from events.core.bus import after, on
from events.core.db import unit_of_work
from events.core.pace import Pace
from events.core.realtime import broadcast, send_to_person


def send_entries(room_id: str, seqs: list[int]) -> None:
    """The entries as data, the same for every reader: words, local times and rights are on their pages.

    What another process added between them goes along: their numbers follow each other without a gap.
    """
    with unit_of_work() as db:
        room = db.get_one(Room, room_id)
        name = name_of(db, room)
        first, many = min(seqs), max(seqs) - min(seqs) + 1
        entries = entry_data(db, list_entries(db, room.id, after=first - 1, limit=many))
    broadcast(name, "chat.entries", {"room": name, "entries": entries})


_pace = Pace(send_entries)


@after(EntryAdded)
def send_entry(signal: EntryAdded) -> None:
    """At once in a quiet room, with others in a busy one."""
    _pace.add(signal.room_id, signal.seq)


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
