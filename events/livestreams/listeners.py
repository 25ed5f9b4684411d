"""Listeners that schedule the lobby and broadcast state changes to open pages."""

from sqlalchemy.orm import Session

from events.core.bus import after_commit, on
from events.core.db.session import unit_of_work
from events.core.jobs.queue import cancel, enqueue
from events.core.realtime.handlers import broadcast
from events.livestreams.jobs import open_lobby_when_due
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream, list_agenda, state_frame
from events.livestreams.rules.schedule import lobby_opens_at
from events.livestreams.signals import (
    LivestreamCancelled,
    LivestreamMoved,
    LivestreamPublished,
    LivestreamStateChanged,
)


@on(LivestreamPublished)
def schedule_lobby(db: Session, signal: LivestreamPublished) -> None:
    _enqueue_lobby(db, get_livestream(db, signal.livestream_id))


@on(LivestreamMoved)
def reschedule_lobby(db: Session, signal: LivestreamMoved) -> None:
    livestream = get_livestream(db, signal.livestream_id)
    cancel(db, _job_key(livestream, livestream.sequence - 1))
    _enqueue_lobby(db, livestream)


@on(LivestreamCancelled)
def cancel_lobby(db: Session, signal: LivestreamCancelled) -> None:
    livestream = get_livestream(db, signal.livestream_id)
    cancel(db, _job_key(livestream, livestream.sequence - 1))


@after_commit(LivestreamStateChanged)
def broadcast_state(signal: LivestreamStateChanged) -> None:
    """Sends the latest state, so frames of two quick changes never go backwards."""
    with unit_of_work() as db:
        livestream = get_livestream(db, signal.livestream_id)
        frame = state_frame(livestream, list_agenda(db, livestream.id))
    broadcast(f"livestream:{livestream.slug}", "livestreams.state", frame)


def _enqueue_lobby(db: Session, livestream: Livestream) -> None:
    enqueue(
        db,
        open_lobby_when_due,
        livestream.id,
        key=_job_key(livestream, livestream.sequence),
        at=lobby_opens_at(livestream),
    )


def _job_key(livestream: Livestream, sequence: int) -> str:
    # `sequence` rises with every move, so each time has its own job key.
    return f"lobby:{livestream.id}:{sequence}"
