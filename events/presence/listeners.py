"""What is gathered in this process: who came and went, written in ticks, and reactions, told as sums."""

from collections import Counter

from events.core.access import SYSTEM
from events.core.batching import TICK_SECONDS, Batcher
from events.core.bus import after
from events.core.connections import socketio
from events.core.db import unit_of_work
from events.core.realtime import broadcast
from events.livestreams.queries import slug_of
from events.presence.actions import note_stays
from events.presence.signals import Left, Reacted, Seen

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
        slug = slug_of(db, livestream_id)
    broadcast(f"livestream:{slug}", "presence.reactions", {"livestream": slug, "counts": dict(counts)})


def _tell_soon(livestream_id: str) -> None:
    socketio.sleep(GATHER)
    tell_reactions(livestream_id)


def _note_stays(_all: str, marks: list[Seen | Left]) -> None:
    with unit_of_work() as db:
        note_stays(db, SYSTEM, marks)


_marks = Batcher(_note_stays, min_interval=TICK_SECONDS)


@after(Seen, Left)
def note(mark: Seen | Left) -> None:
    """Three thousand who come at once are some hundred commits. A tick that is lost is made good by the next
    beat, which writes a stay anew where there is none."""
    _marks.add("all", mark)
