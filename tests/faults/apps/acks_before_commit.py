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
from events.chat import forms
from events.chat.actions import messages as actions
from events.chat.queries.rooms import find_room, room_of
from events.core.db import session as database
from events.core.db.session import unit_of_work
from events.core.jobs import queue
from events.core.realtime import frames
from events.core.web import request as page_request

LATER = 0.3  # seconds

_promised: dict[str, int] = {}


def acknowledge_first(req: frames.FrameRequest, data: forms.Post) -> frames.Reply:
    """Answer with the number that will come next, and store a little later."""
    if data.client_id not in _promised:
        room = room_of(req.db, find_room(req.db, req.actor, data.room).subject_id)
        assert room is not None
        _promised[data.client_id] = max([room.seq, *_promised.values()]) + 1
        actor, context = req.actor, contextvars.copy_context()

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
    kind = queue.job_types[claimed.name]
    queue._finish(claimed, kind)
    gevent.sleep(LATER)
    kind.work(*json.loads(claimed.arguments))
    return True


page_request.unit_of_work = commit_later  # type: ignore[attr-defined,assignment]  # what it imported
queue._run_next = finish_first
frames.handlers["chat.post"] = (forms.Post, acknowledge_first)

from tests.support.app_with_movable_clock import app  # noqa: E402 - the door is spoilt first

__all__ = ["app"]
