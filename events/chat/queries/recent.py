"""Cache of the entries that this process wrote, so that broadcasting one needs no database query."""

from events.chat.models import Entry
from events.chat.policy import RoomRights
from events.chat.queries.entries import data_of
from events.core.auth.actor import Actor

MAX_RECENT_ENTRIES = 1000  # a broadcast takes its entries out; what a rollback left behind is pushed out

# By entry id, since a rolled-back number is given to the next entry: (name of the room, entry as data).
_recent: dict[str, tuple[str, dict[str, object]]] = {}


def remember_posted(rights: RoomRights, author: Actor, entry: Entry) -> None:
    """Keep a posted entry until its transaction is committed and the entry broadcast."""
    while len(_recent) >= MAX_RECENT_ENTRIES:
        del _recent[next(iter(_recent))]
    _recent[entry.id] = rights.name, data_of(entry, entry, author.name)


def take_recent(written: list[tuple[int, str]]) -> tuple[str, list[dict[str, object]]] | None:
    """The room's name and its entries as data, for (seq, entry id) pairs in any order.

    None when one is not remembered or their numbers have a gap: another process wrote in between.
    """
    found = [_recent.pop(entry_id, None) for _seq, entry_id in sorted(written)]
    seqs = sorted(seq for seq, _entry_id in written)
    if None in found or seqs != list(range(seqs[0], seqs[0] + len(seqs))):
        return None
    kept = [one for one in found if one is not None]
    return kept[-1][0], [data for _name, data in kept]
