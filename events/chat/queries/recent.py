"""In-process cache of entries written here, so that their broadcast needs no query."""

from events.chat.models import NewEntry
from events.chat.policy import RoomRights
from events.chat.queries.entries import data_of
from events.core.auth.actor import Actor

MAX_RECENT_ENTRIES = 1000  # broadcasts remove entries; leftovers of rollbacks are evicted

# entry id -> (room name, entry as data). Numbers are reused after a rollback, ids are not.
_recent: dict[str, tuple[str, dict[str, object]]] = {}


def remember_posted(rights: RoomRights, author: Actor, entry: NewEntry) -> None:
    """Keep a posted entry until its transaction commits and it is broadcast."""
    while len(_recent) >= MAX_RECENT_ENTRIES:
        del _recent[next(iter(_recent))]
    _recent[entry.id] = rights.name, data_of(entry, entry, author.name)


def take_recent(written: list[tuple[int, str]]) -> tuple[str, list[dict[str, object]]] | None:
    """(room name, entries as data) for (seq, entry id) pairs in any order.

    None if one is not cached or the numbers have a gap, as when another process wrote in between.
    """
    found = [_recent.pop(entry_id, None) for _seq, entry_id in sorted(written)]
    seqs = sorted(seq for seq, _entry_id in written)
    if None in found or seqs != list(range(seqs[0], seqs[0] + len(seqs))):
        return None
    entries = [entry for entry in found if entry is not None]
    return entries[-1][0], [data for _name, data in entries]
