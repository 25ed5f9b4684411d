"""State transitions of a livestream, by a director or by jobs.

Of two concurrent requests one takes effect; the other finds the transition done (`livestreams.transitions`).
"""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict
from events.livestreams import policy
from events.livestreams.forms import BeginItem, CancelLivestream, PauseLivestream, SwitchAftertalk
from events.livestreams.models import AgendaItem, Livestream
from events.livestreams.queries.livestreams import list_agenda
from events.livestreams.rules.schedule import current_item, lobby_opens_at, next_item, return_until
from events.livestreams.rules.states import ON_AIR, OPEN
from events.livestreams.signals import (
    LivestreamCancelled,
    LivestreamEnded,
    LivestreamPublished,
    LivestreamStarted,
    LivestreamStateChanged,
)
from events.livestreams.transitions import take_step


def publish_livestream(db: Session, actor: Actor, livestream: Livestream) -> Livestream:
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    if livestream.state == "draft" and livestream.ends_at <= clock.now():
        raise Conflict("start_passed")
    if take_step(db, livestream, "publish", published_at=clock.now()):
        announce(db, LivestreamPublished(livestream.id))
        announce(db, LivestreamStateChanged(livestream.id, livestream.version))
    return livestream


def start_livestream(db: Session, actor: Actor, livestream: Livestream) -> Livestream:
    """Go live, allowed from the lobby's opening time on; begins the first agenda item."""
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    if livestream.provider is None:
        raise Conflict("no_source")
    moment = clock.now()
    if livestream.state == "announced" and moment < lobby_opens_at(livestream):
        raise Conflict("lobby_closed")
    if take_step(db, livestream, "start", went_live_at=moment, viewer_note=""):
        _begin_first_item(db, livestream, moment)
        announce(db, LivestreamStarted(livestream.id))
        announce(db, LivestreamStateChanged(livestream.id, livestream.version))
    return livestream


def return_to_lobby(db: Session, actor: Actor, livestream: Livestream) -> Livestream:
    """Undo a mistaken start within UNDO_START, including the agenda item it began."""
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    if livestream.state == "live" and return_until(livestream, clock.now()) is None:
        raise Conflict("live_too_long")
    if take_step(db, livestream, "return_to_lobby", went_live_at=None):
        db.execute(update(AgendaItem).where(AgendaItem.livestream_id == livestream.id).values(began_at=None))
        announce(db, LivestreamStateChanged(livestream.id, livestream.version))
    return livestream


def pause_livestream(db: Session, actor: Actor, livestream: Livestream, data: PauseLivestream) -> Livestream:
    """Viewers see the note meanwhile."""
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    return _switch(db, livestream, "pause", viewer_note=data.note or "")


def resume_livestream(db: Session, actor: Actor, livestream: Livestream) -> Livestream:
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    return _switch(db, livestream, "resume", viewer_note="")


def end_livestream(db: Session, actor: Actor, livestream: Livestream) -> Livestream:
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    if take_step(db, livestream, "end", ended_at=clock.now(), ended_itself=False, viewer_note=""):
        announce(db, LivestreamEnded(livestream.id))
        announce(db, LivestreamStateChanged(livestream.id, livestream.version))
    return livestream


def cancel_livestream(
    db: Session, actor: Actor, livestream: Livestream, data: CancelLivestream
) -> Livestream:
    """A draft is cancelled without mails."""
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    values = {"cancelled_at": clock.now(), "cancel_note": data.note or "", "viewer_note": ""}
    if take_step(db, livestream, "cancel", sequence=Livestream.sequence + 1, **values):
        if livestream.published_at is not None:
            announce(db, LivestreamCancelled(livestream.id))
        announce(db, LivestreamStateChanged(livestream.id, livestream.version))
    return livestream


def begin_next_item(db: Session, actor: Actor, livestream: Livestream, data: BeginItem) -> AgendaItem | None:
    """Begin the item that the page showed as next, else the next one; None if already begun."""
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    if livestream.state not in ON_AIR:
        raise Conflict("wrong_state")
    item = next_item(list_agenda(db, livestream.id))
    if item is None or (data.item is not None and item.id != data.item):
        return None
    begin = (
        update(AgendaItem)
        .where(AgendaItem.id == item.id, AgendaItem.began_at.is_(None))
        .values(began_at=clock.now())
        .returning(AgendaItem.id)
        .execution_options(synchronize_session=False)
    )
    if db.scalar(begin) is None:
        return None
    db.refresh(item)
    livestream.version = Livestream.version + 1
    db.flush()
    announce(db, LivestreamStateChanged(livestream.id, livestream.version))
    return item


def switch_aftertalk(db: Session, actor: Actor, livestream: Livestream, data: SwitchAftertalk) -> Livestream:
    """Offer after-talks or not; open pages follow. Raises Conflict after the end."""
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    if livestream.state not in {"draft", *OPEN}:
        raise Conflict("wrong_state")
    if livestream.aftertalk != (data.on == "yes"):
        livestream.aftertalk = data.on == "yes"
        livestream.version = Livestream.version + 1
        db.flush()
        announce(db, LivestreamStateChanged(livestream.id, livestream.version))
    return livestream


def open_lobby(db: Session, actor: Actor, livestream: Livestream) -> Livestream:
    """Idempotent and safe to call at any time; acts only when due."""
    authorize(policy.may_transition_automatically, actor)
    if livestream.state != "announced" or lobby_opens_at(livestream) > clock.now():
        return livestream
    return _switch(db, livestream, "open_lobby")


def close_lobby(db: Session, actor: Actor, livestream: Livestream) -> Livestream:
    """The start was moved to later."""
    authorize(policy.may_transition_automatically, actor)
    return _switch(db, livestream, "close_lobby")


def show_replay(db: Session, actor: Actor, livestream: Livestream) -> Livestream:
    """A recording was attached."""
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    return _switch(db, livestream, "show_replay")


def hide_replay(db: Session, actor: Actor, livestream: Livestream) -> Livestream:
    """The recording was removed."""
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    return _switch(db, livestream, "hide_replay")


def _begin_first_item(db: Session, livestream: Livestream, moment: datetime) -> None:
    """Marks the current item from the start; the recording's first chapter is at 0:00."""
    agenda = list_agenda(db, livestream.id)
    if agenda and current_item(agenda) is None:
        agenda[0].began_at = moment
        db.flush()


def _switch(db: Session, livestream: Livestream, step: str, **values: object) -> Livestream:
    if take_step(db, livestream, step, **values):
        announce(db, LivestreamStateChanged(livestream.id, livestream.version))
    return livestream
