"""Reactions on their way to the room: gathered in this process, told once a second as sums."""

from collections import Counter

from events.core.bus import after
from events.core.connections import socketio
from events.core.db import unit_of_work
from events.core.realtime import broadcast
from events.livestreams.queries import get_livestream
from events.presence.signals import Reacted

GATHER = 1.0  # seconds

# Every process tells its own sums, and pages add them up: a thousand hands make one frame a second.
_gathered: dict[str, Counter[str]] = {}


@after(Reacted)
def gather_reaction(signal: Reacted) -> None:
    first = signal.livestream_id not in _gathered
    _gathered.setdefault(signal.livestream_id, Counter())[signal.kind] += 1
    if first:
        socketio.start_background_task(_tell_soon, signal.livestream_id)


def tell_reactions(livestream_id: str) -> None:
    """Send what was gathered for one livestream since the last time."""
    counts = _gathered.pop(livestream_id, None)
    if not counts:
        return
    with unit_of_work() as db:
        slug = get_livestream(db, livestream_id).slug
    broadcast(f"livestream:{slug}", "presence.reactions", {"livestream": slug, "counts": dict(counts)})


def _tell_soon(livestream_id: str) -> None:
    socketio.sleep(GATHER)
    tell_reactions(livestream_id)
