"""The product as it must not be: it acknowledges before it stores. The negative control of kills."""

import contextvars

import gevent

import events.app  # noqa: F401 - opens the doors, of which one is then spoilt
from events.chat import actions, forms
from events.chat.queries import find_room, room_of
from events.core import realtime
from events.core.db import unit_of_work

LATER = 0.3  # seconds

_promised: dict[str, int] = {}


def acknowledge_first(wire: realtime.Wire, data: forms.Post) -> realtime.Reply:
    """Answer with the number that will come next, and store a little later."""
    if data.client_id not in _promised:
        room = room_of(wire.db, find_room(wire.db, wire.actor, data.room).subject_id)
        assert room is not None
        _promised[data.client_id] = max([room.seq, *_promised.values()]) + 1
        actor, context = wire.actor, contextvars.copy_context()

        def store() -> None:
            with unit_of_work() as db:
                actions.post_message(db, actor, data)

        gevent.spawn_later(LATER, context.run, store)
    return {"id": "unknown yet", "seq": _promised[data.client_id]}


realtime._handlers["chat.post"] = (forms.Post, acknowledge_first)

from tests.clocked import app  # noqa: E402 - the door is spoilt first

__all__ = ["app"]
