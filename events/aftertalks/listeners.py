"""Listeners of the after-talk: plan its steps and notify open pages."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from events.aftertalks import jobs
from events.aftertalks.actions import attendance, turns
from events.aftertalks.models import Aftertalk
from events.aftertalks.queries.attendance import list_participant_ids
from events.aftertalks.signals import AftertalkAdvanced, AftertalkChanged, ParticipantFreed
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.bus import after_commit, on
from events.core.db.session import unit_of_work
from events.core.jobs.queue import enqueue
from events.core.realtime.handlers import send_to_person
from events.livestreams.queries.livestreams import get_livestream
from events.livestreams.signals import LivestreamEnded, LivestreamEndTakenBack

FILL_INTERVAL_SECONDS = 3  # seconds


@on(LivestreamEnded)
def open_aftertalk(db: Session, signal: LivestreamEnded) -> None:
    attendance.open_aftertalk(db, SYSTEM, get_livestream(db, signal.livestream_id))


@on(LivestreamEndTakenBack)
def gather_again(db: Session, signal: LivestreamEndTakenBack) -> None:
    turns.gather_again(db, SYSTEM, signal.livestream_id)


@on(AftertalkAdvanced)
def plan_next_step(db: Session, signal: AftertalkAdvanced) -> None:
    aftertalk = db.get_one(Aftertalk, signal.aftertalk_id)
    if aftertalk.next_at is not None:
        key = f"matching.nazit:{aftertalk.id}:{aftertalk.step}"
        enqueue(
            db,
            jobs.step_aftertalk,
            aftertalk.id,
            str(aftertalk.step),
            key=key,
            at=aftertalk.next_at,
        )


@on(ParticipantFreed)
def plan_filling(db: Session, signal: ParticipantFreed) -> None:
    """One job for everyone freed in the same FILL_INTERVAL_SECONDS, after the last of them is due."""
    last = int((clock.now() + timedelta(seconds=signal.after)).timestamp()) // FILL_INTERVAL_SECONDS + 1
    due_at = datetime.fromtimestamp(last * FILL_INTERVAL_SECONDS, UTC)
    enqueue(
        db,
        jobs.fill_aftertalk,
        signal.aftertalk_id,
        key=f"matching.fill:{signal.aftertalk_id}:{last}",
        at=due_at,
    )


@after_commit(AftertalkAdvanced)
def broadcast_step(signal: AftertalkAdvanced) -> None:
    _notify(signal.aftertalk_id, None)


@after_commit(AftertalkChanged)
def notify_participants(signal: AftertalkChanged) -> None:
    _notify(signal.aftertalk_id, signal.user_ids)


def _notify(aftertalk_id: str, user_ids: tuple[str, ...] | None) -> None:
    """Says only that something changed: each page reloads its own content."""
    with unit_of_work() as db:
        aftertalk = db.get(Aftertalk, aftertalk_id)
        if aftertalk is None:
            return
        livestream = get_livestream(db, aftertalk.livestream_id)
        people = list_participant_ids(db, aftertalk.id) if user_ids is None else list(user_ids)
        frame = {"livestream": livestream.slug, "step": aftertalk.step}
    for person_id in people:
        send_to_person(person_id, "nazit.changed", frame)
