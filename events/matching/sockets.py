"""The frame of a nazit: a page tells that it is open; and what a page that closed leaves behind."""

from events.core.access import SYSTEM
from events.core.connections import Connection
from events.core.db import unit_of_work
from events.core.realtime import Reply, Wire, frame, on_closed
from events.core.rights import Who
from events.livestreams.queries import get_visible
from events.matching import actions
from events.matching.forms import EnterNazit

THERE = "30 per minute"

# The sockets of this process that are in a nazit, so that others need no look when they close.
_inside: set[str] = set()


@frame("nazit.enter", EnterNazit, who=Who.SIGNED_IN, keys=("livestream:have",))
def enter(wire: Wire, data: EnterNazit) -> Reply:
    """At first and every 20 seconds. The answer carries the step, for a page that missed one."""
    wire.limit("nazit.enter", THERE)
    livestream = get_visible(wire.db, wire.actor, data.livestream)
    nazit = actions.enter_nazit(wire.db, wire.actor, livestream, tab=wire.sid)
    _inside.add(wire.sid)
    return {"step": nazit.step}


@on_closed
def clear_closed(connection: Connection) -> None:
    if connection.sid in _inside:
        _inside.discard(connection.sid)
        with unit_of_work() as db:
            actions.clear_nazit_tab(db, SYSTEM, connection.sid)
