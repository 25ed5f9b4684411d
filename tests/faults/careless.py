"""The product as it must not be: it acknowledges before it stores, and calls work done before it does it.

The negative control of kills.
"""

import contextvars
import json
from collections.abc import Iterator
from contextlib import contextmanager

import gevent
from flask import request
from sqlalchemy.orm import Session

import events.app  # noqa: F401 - opens the doors, of which one is then spoilt
from events.chat import actions, forms
from events.chat.queries import find_room, room_of
from events.core import db as database
from events.core import door, frames, queue, realtime
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


@contextmanager
def commit_later() -> Iterator[Session]:
    """A page's unit of work. Whoever signs in is spared."""
    if request.method != "POST" or request.path == "/sign-in":
        with unit_of_work() as db:
            yield db
        return
    assert database._sessions is not None
    session = database._sessions()
    try:
        yield session
    except BaseException:
        session.close()
        raise

    def store() -> None:
        session.commit()
        session.close()

    gevent.spawn_later(LATER, store)


def finish_first(lane: queue.Lane | None, *, quiet: bool) -> bool:
    claimed = queue._claim(lane)
    if claimed is None:
        return False
    kind = queue.kinds[claimed.name]
    queue._finish(claimed, kind)
    gevent.sleep(LATER)
    kind.work(*json.loads(claimed.arguments))
    return True


door.unit_of_work = commit_later  # type: ignore[attr-defined]  # what it imported
queue._run_next = finish_first
frames.handlers["chat.post"] = (forms.Post, acknowledge_first)

from tests.clocked import app  # noqa: E402 - the door is spoilt first

__all__ = ["app"]
