"""Per-process batching of heartbeats (written in ticks) and reactions (broadcast as sums)."""

from collections import Counter

from events.core.auth.actor import SYSTEM
from events.core.bus import after_commit
from events.core.db.session import unit_of_work
from events.core.realtime.batching import TICK_SECONDS, Batcher
from events.core.realtime.connections import socketio
from events.core.realtime.handlers import broadcast
from events.livestreams.queries.livestreams import slug_of
from events.presence.actions import write_stays
from events.presence.signals import LivestreamHeartbeat, LivestreamLeft, ReactionSent

REACTION_BATCH_SECONDS = 1.0  # seconds

# Each process broadcasts its own sums; pages add them up. A thousand reactions make one frame a second.
_reaction_counts: dict[str, Counter[str]] = {}


@after_commit(ReactionSent)
def count_reaction(signal: ReactionSent) -> None:
    first = signal.livestream_id not in _reaction_counts
    _reaction_counts.setdefault(signal.livestream_id, Counter())[signal.kind] += 1
    if first:
        socketio.start_background_task(_broadcast_later, signal.livestream_id)


def broadcast_reactions(livestream_id: str) -> None:
    """Send the sums collected for one livestream since the last broadcast."""
    counts = _reaction_counts.pop(livestream_id, None)
    if not counts:
        return
    with unit_of_work() as db:
        slug = slug_of(db, livestream_id)
    broadcast(f"livestream:{slug}", "presence.reactions", {"livestream": slug, "counts": dict(counts)})


def _broadcast_later(livestream_id: str) -> None:
    socketio.sleep(REACTION_BATCH_SECONDS)
    broadcast_reactions(livestream_id)


def _write_stays(_all: str, marks: list[LivestreamHeartbeat | LivestreamLeft]) -> None:
    with unit_of_work() as db:
        write_stays(db, SYSTEM, marks)


_marks = Batcher(_write_stays, min_interval=TICK_SECONDS)


@after_commit(LivestreamHeartbeat, LivestreamLeft)
def batch_mark(mark: LivestreamHeartbeat | LivestreamLeft) -> None:
    """Batch a heartbeat or departure: thousands of arrivals become about a hundred commits.

    A lost batch is repaired by the next heartbeat, which creates a missing stay.
    """
    _marks.add("all", mark)
