"""Presence frames: enter, heartbeat, leave and react; and the clean-up of a closed socket."""

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from events.core.auth.actor import SYSTEM, Actor
from events.core.auth.endpoints import Access
from events.core.db.read_batch import Steps, read_once
from events.core.db.session import unit_of_work
from events.core.realtime.connections import Connection
from events.core.realtime.frames import FrameRequest, Reply, frame, read_frame
from events.core.realtime.handlers import on_closed
from events.core.web import error_messages
from events.livestreams.queries import livestreams as livestream_queries
from events.livestreams.queries import with_membership
from events.presence import actions, forms

error_messages.register({"not_on_now": _l("There is nothing on right now.")})

ENTER_LIMIT = "60 per minute"
REACT = "1 per 2 seconds"
KEYS = ("livestream:watch",)


def _prefetch(db: Session, asked: list[tuple[Actor, forms.Enter]]) -> None:
    with_membership.prefetch_with_membership(db, [(actor, data.livestream) for actor, data in asked])


@read_frame("presence.enter", forms.Enter, prefetch=_prefetch, who=Access.ANYONE, keys=KEYS)
def enter(req: FrameRequest, data: forms.Enter) -> Steps[Reply]:
    """Join the room before reading, so that no change falls between the two."""
    req.limit("look in", ENTER_LIMIT)
    livestream, membership = with_membership.get_with_membership(req.db, req.actor, data.livestream)
    req.enter(f"livestream:{livestream.slug}")
    yield
    state = read_once(
        req.db, ("state", livestream.id), lambda: with_membership.current_frame(req.db, livestream)
    )
    actions.enter_livestream(req.db, req.actor, livestream, membership, req.sid, desk=data.desk)
    return state


@frame("presence.beat", forms.Heartbeat, who=Access.ANYONE, keys=KEYS)
def beat(req: FrameRequest, data: forms.Heartbeat) -> Reply:
    """Heartbeat. The reply has the state version, for a page that missed a change."""
    livestream, membership = with_membership.get_with_membership(req.db, req.actor, data.livestream)
    actions.enter_livestream(req.db, req.actor, livestream, membership, req.sid, desk=data.desk)
    return {"state": livestream.state, "version": livestream.version}


@frame("presence.leave", forms.Heartbeat, who=Access.ANYONE, keys=KEYS)
def leave(req: FrameRequest, data: forms.Heartbeat) -> None:
    livestream, _membership = with_membership.get_with_membership(req.db, req.actor, data.livestream)
    req.leave(f"livestream:{livestream.slug}")
    if req.actor.person_id is not None:
        actions.leave_livestream(req.db, req.actor, livestream, req.sid)


@frame("presence.react", forms.React, who=Access.MEMBER, keys=KEYS)
def react(req: FrameRequest, data: forms.React) -> None:
    req.limit("react", REACT)
    livestream = livestream_queries.get_visible(req.db, req.actor, data.livestream)
    actions.react(req.db, req.actor, livestream, data.kind)


@on_closed
def close_tab(connection: Connection) -> None:
    """The socket closed without a `presence.leave`."""
    if connection.person_id is not None and any(name.startswith("livestream:") for name in connection.rooms):
        with unit_of_work() as db:
            actions.close_tab(db, SYSTEM, connection.sid)
