"""The frames of being there: enter, beat, leave, react; and what a closed socket leaves behind."""

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from events.core import words
from events.core.access import SYSTEM, Actor
from events.core.connections import Connection
from events.core.db import unit_of_work
from events.core.read_batch import Steps, read_once
from events.core.realtime import Reply, Wire, frame, on_closed, read_frame
from events.core.rights import Who
from events.livestreams import queries as livestreams
from events.livestreams.queries import passing
from events.presence import actions, forms

words.register({"not_on_now": _l("There is nothing on right now.")})

LOOK_IN = "60 per minute"
REACT = "1 per 2 seconds"
KEYS = ("livestream:watch",)


def _prefetch(db: Session, asked: list[tuple[Actor, forms.Enter]]) -> None:
    passing.prefetch_passing(db, [(actor, data.livestream) for actor, data in asked])


@read_frame("presence.enter", forms.Enter, prefetch=_prefetch, who=Who.ANYONE, keys=KEYS)
def enter(wire: Wire, data: forms.Enter) -> Steps[Reply]:
    """Hear the room first and read second, so that no change falls between the two."""
    wire.limit("look in", LOOK_IN)
    livestream, membership = passing.get_in_passing(wire.db, wire.actor, data.livestream)
    wire.enter(f"livestream:{livestream.slug}")
    yield
    told = read_once(wire.db, ("state", livestream.id), lambda: passing.current_frame(wire.db, livestream))
    actions.enter_livestream(wire.db, wire.actor, livestream, membership, wire.sid, desk=data.desk)
    return told


@frame("presence.beat", forms.There, who=Who.ANYONE, keys=KEYS)
def beat(wire: Wire, data: forms.There) -> Reply:
    """Still there. The answer carries the version, for a page that missed a change."""
    livestream, membership = passing.get_in_passing(wire.db, wire.actor, data.livestream)
    actions.enter_livestream(wire.db, wire.actor, livestream, membership, wire.sid, desk=data.desk)
    return {"state": livestream.state, "version": livestream.version}


@frame("presence.leave", forms.There, who=Who.ANYONE, keys=KEYS)
def leave(wire: Wire, data: forms.There) -> None:
    livestream, _membership = passing.get_in_passing(wire.db, wire.actor, data.livestream)
    wire.leave(f"livestream:{livestream.slug}")
    if wire.actor.person_id is not None:
        actions.leave_livestream(wire.db, wire.actor, livestream, wire.sid)


@frame("presence.react", forms.React, who=Who.MEMBER, keys=KEYS)
def react(wire: Wire, data: forms.React) -> None:
    wire.limit("react", REACT)
    livestream = livestreams.get_visible(wire.db, wire.actor, data.livestream)
    actions.react(wire.db, wire.actor, livestream, data.kind)


@on_closed
def close_tab(connection: Connection) -> None:
    """Somebody went without saying so."""
    if connection.person_id is not None and any(name.startswith("livestream:") for name in connection.rooms):
        with unit_of_work() as db:
            actions.close_tab(db, SYSTEM, connection.sid)
