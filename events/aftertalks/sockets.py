"""Frame `nazit.enter`: heartbeat of an open after-talk page."""

from events.aftertalks.actions import attendance
from events.aftertalks.forms import EnterAftertalk
from events.core.auth.actor import SYSTEM
from events.core.auth.endpoints import Access
from events.core.db.session import unit_of_work
from events.core.realtime.connections import Connection
from events.core.realtime.frames import FrameRequest, Reply, frame
from events.core.realtime.handlers import on_closed
from events.livestreams.queries.livestreams import get_visible

HEARTBEAT_LIMIT = "30 per minute"

# Sockets of this process on an after-talk page; others need no query when they close.
_inside: set[str] = set()


@frame("nazit.enter", EnterAftertalk, who=Access.SIGNED_IN, keys=("livestream:have",))
def enter(req: FrameRequest, data: EnterAftertalk) -> Reply:
    """Answers with the step, for pages that missed a change."""
    req.limit("nazit.enter", HEARTBEAT_LIMIT)
    livestream = get_visible(req.db, req.actor, data.livestream)
    aftertalk = attendance.enter_aftertalk(req.db, req.actor, livestream, tab=req.sid)
    _inside.add(req.sid)
    return {"step": aftertalk.step}


@on_closed
def clear_closed(connection: Connection) -> None:
    if connection.sid in _inside:
        _inside.discard(connection.sid)
        with unit_of_work() as db:
            attendance.mark_tab_closed(db, SYSTEM, connection.sid)
