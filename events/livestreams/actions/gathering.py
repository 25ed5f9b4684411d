"""Actions while people gather before the start: a note to the lobby, and ten minutes later."""

from sqlalchemy.orm import Session

from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict
from events.livestreams import policy
from events.livestreams.forms import StartLater, TellLobby
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import lock_livestream
from events.livestreams.rules.schedule import later_start
from events.livestreams.signals import LivestreamMoved, LivestreamStateChanged


def tell_lobby(db: Session, actor: Actor, livestream: Livestream, data: TellLobby) -> Livestream:
    """Everyone in the lobby reads the note at once; without one it goes away."""
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    livestream = lock_livestream(db, livestream)
    if livestream.state != "lobby":
        raise Conflict("wrong_state")
    _note(db, livestream, data.words or "")
    return livestream


def start_later(db: Session, actor: Actor, livestream: Livestream, data: StartLater) -> Livestream:
    """Ten minutes later, within two hours of the start. An open lobby stays open and reads the note;
    calendars follow by mail.
    """
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    livestream = lock_livestream(db, livestream)
    starts_at = later_start(livestream, clock.now())
    if starts_at is None:
        raise Conflict("wrong_state")
    livestream.ends_at += starts_at - livestream.starts_at
    livestream.starts_at = starts_at
    livestream.sequence += 1
    _note(db, livestream, data.said or "")
    announce(db, LivestreamMoved(livestream.id))
    return livestream


def _note(db: Session, livestream: Livestream, note: str) -> None:
    livestream.viewer_note = note
    livestream.version = Livestream.version + 1
    db.flush()
    announce(db, LivestreamStateChanged(livestream.id, livestream.version))
