"""Actions around the end: it ends by itself, is taken back, gets more time, or never took place here."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict
from events.livestreams import policy
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import lock_livestream
from events.livestreams.rules import endings
from events.livestreams.rules.states import ON_AIR
from events.livestreams.signals import (
    LivestreamEnded,
    LivestreamEndTakenBack,
    LivestreamMissed,
    LivestreamStateChanged,
)
from events.livestreams.transitions import take_step


def end_by_itself(db: Session, actor: Actor, livestream: Livestream) -> bool:
    """End what nobody ended. Locks the row, so that more time asked for meanwhile counts. Idempotent."""
    authorize(policy.may_transition_automatically, actor)
    livestream = lock_livestream(db, livestream)
    moment = clock.now()
    if not endings.is_due_to_end(livestream, moment):
        return False
    if take_step(db, livestream, "end", ended_at=moment, ended_itself=True, viewer_note=""):
        announce(db, LivestreamEnded(livestream.id))
        announce(db, LivestreamStateChanged(livestream.id, livestream.version))
    return True


def mark_missed(db: Session, actor: Actor, livestream: Livestream) -> bool:
    """What nobody started is no longer to come. Idempotent."""
    authorize(policy.may_transition_automatically, actor)
    livestream = lock_livestream(db, livestream)
    if not endings.is_missed(livestream, clock.now()):
        return False
    if take_step(db, livestream, "miss"):
        announce(db, LivestreamMissed(livestream.id))
        announce(db, LivestreamStateChanged(livestream.id, livestream.version))
    return True


def undo_end(db: Session, actor: Actor, livestream: Livestream) -> Livestream:
    """Live again, within UNDO_END; it then has EXTENSION before it may end by itself. Idempotent."""
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    livestream = lock_livestream(db, livestream)
    if livestream.state == "live":
        return livestream
    moment = clock.now()
    if livestream.state == "ended" and endings.undo_end_until(livestream, moment) is None:
        raise Conflict("ended_too_long")
    more = {"extended_until": moment + endings.EXTENSION, "ended_at": None, "ended_itself": False}
    if take_step(db, livestream, "undo_end", **more):
        announce(db, LivestreamEndTakenBack(livestream.id))
        announce(db, LivestreamStateChanged(livestream.id, livestream.version))
    return livestream


def extend_livestream(db: Session, actor: Actor, livestream: Livestream) -> datetime:
    """It goes on: no nudge and no end by itself for EXTENSION. Returns until when."""
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    livestream = lock_livestream(db, livestream)
    if livestream.state not in ON_AIR:
        raise Conflict("wrong_state")
    until = clock.now() + endings.EXTENSION
    livestream.extended_until = max(until, livestream.extended_until or until)
    db.flush()
    return livestream.extended_until
