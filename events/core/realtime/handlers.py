"""Socket.IO frame dispatch: authentication, validation, unit of work, acknowledgement after the
commit.
"""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any, TypeVar

import structlog
from flask import Flask
from pydantic import BaseModel
from sqlalchemy.orm import Session

from events.core import rate_limits
from events.core.config import Settings
from events.core.db.read_batch import Steps, run_read
from events.core.db.session import assert_no_transaction, unit_of_work
from events.core.errors import Forbidden, NotFound, Refused, TooMany, Unavailable
from events.core.mail.ledger import act_for
from events.core.observability import named_work, sockets_open, websockets_open
from events.core.outages import database_outage
from events.core.realtime import broadcast_manager, handshake, load_shedding
from events.core.realtime.connections import (
    Connection,
    actor_of,
    close_where,
    connections,
    current_actor,
    refresh_actors,
    socketio,
)
from events.core.realtime.frame_context import frame_context
from events.core.realtime.frames import (
    FrameRequest,
    Reply,
    arrivals,
    frame,
    frames_without_request,
    handlers,
    lock_fields,
    prefetches,
    read_frame,
)
from events.core.realtime.keyed_lock import keyed_lock
from events.core.realtime.packets import MAX_FRAME_BYTES, REFUSED, SharedReply, StrictPacket
from events.core.realtime.redis_manager import Relay
from events.core.realtime.websocket import open_websockets
from events.core.web.error_messages import is_known, message_for
from events.core.web.forms import parse_frame

__all__ = [
    "FrameRequest",
    "Reply",
    "broadcast",
    "frame",
    "init_app",
    "on_closed",
    "read_frame",
    "send_to_person",
]
log = structlog.get_logger()
FRAME_RATE = "300 per minute"  # per socket, all frames together
MAX_MALFORMED_FRAMES = 50  # then the socket is closed; our pages never send one
_closed: list[Callable[[Connection], None]] = []
C = TypeVar("C", bound=Callable[[Connection], None])


def on_closed(listener: C) -> C:
    """Register listener(connection), called when a socket has closed for any reason."""
    if listener not in _closed:
        _closed.append(listener)
    return listener


def init_app(app: Flask, settings: Settings) -> None:
    socketio.init_app(
        app,
        async_mode=app.config.get("SOCKET_MODE", "gevent"),
        transports=["websocket"],
        cors_allowed_origins=settings.origins,
        client_manager=Relay(settings.redis_url) if settings.redis_url else broadcast_manager.Fanout(),
        serializer=StrictPacket,
        max_http_buffer_size=MAX_FRAME_BYTES,
        async_handlers=False,
        ping_interval=25,
        ping_timeout=20,
    )
    broadcast_manager.install(socketio.server)
    server = socketio.server
    server.on("connect", lambda sid, environ, _auth: handshake.accept(app, sid, environ))
    server.on("disconnect", partial(_disconnect, app))
    server.on(REFUSED, partial(_refuse, app))
    for name in handlers:
        server.on(name, _answering(app, name))
    sockets_open.set_function(lambda: len(connections))
    websockets_open.set_function(lambda: len(open_websockets))


def broadcast(room: str, name: str, data: dict[str, Any], *, local_only: bool = False) -> None:
    """Emit a frame to everyone in the room, on every process or (`local_only`) on this one. Never
    inside a unit of work.
    """
    assert_no_transaction("a broadcast")
    socketio.emit(name, data, to=room, ignore_queue=local_only)


def send_to_person(person_id: str, name: str, data: dict[str, Any]) -> None:
    """Emit a frame to all open sockets of a person."""
    broadcast(f"person:{person_id}", name, data)


def _disconnect(app: Flask, sid: str, *_reason: object) -> None:
    connection = connections.pop(sid, None)
    if connection is None:
        return
    with frame_context(app, socketio.server.get_environ(sid), connection):
        for listener in _closed:
            try:
                listener(connection)
            except Exception:  # one failing listener must not stop the next
                log.exception("disconnect listener failed", listener=listener.__qualname__)


def _refuse(app: Flask, sid: str, *_payload: object) -> Reply:
    """Answer a malformed frame; after MAX_MALFORMED_FRAMES close the socket."""
    connection = connections.get(sid)
    with frame_context(app, socketio.server.get_environ(sid), connection):
        if connection is not None:
            connection.malformed_frames += 1
            if connection.malformed_frames >= MAX_MALFORMED_FRAMES:
                close_where(lambda other: other is connection)
        return _nack(Refused("bad_frame"))


def _answering(app: Flask, name: str) -> Callable[..., Reply]:
    """Handler in a request context. Frames without one enter it only to phrase an error."""
    answer = _batched(name) if name in prefetches else _alone(name)
    needs_request = name not in frames_without_request

    def in_context(sid: str, *payload: object) -> Reply:
        connection, environ = connections.get(sid), socketio.server.get_environ(sid)
        with ExitStack() as stack:
            if connection is None or needs_request:
                stack.enter_context(frame_context(app, environ, connection))
            elif name not in prefetches:
                stack.enter_context(app.app_context())  # listeners of its signals may read the settings
                stack.enter_context(named_work())
            try:
                if connection is None:
                    raise Refused("bad_frame")
                reply = answer(connection, payload[0] if payload else {})
            except Exception as error:  # an error in one frame must not close the socket
                if connection is not None and not needs_request:
                    stack.enter_context(frame_context(app, environ, connection))
                return _failure(name, error)
        return reply if isinstance(reply, SharedReply) else {"ok": True, **(reply or {})}

    return in_context


def _alone(name: str) -> Callable[[Connection, object], Reply | None]:
    form, handler = handlers[name]
    field = lock_fields.get(name)

    def answer(connection: Connection, payload: object) -> Reply | None:
        data = _admit(name, form, connection, payload)
        with keyed_lock(getattr(data, field) if field else None), unit_of_work() as db:
            req = FrameRequest(db, actor_of(db, connection), connection.sid)
            act_for(db, lambda: req.actor)
            reply: Reply | None = handler(req, data)
        return reply

    return answer


def _batched(name: str) -> Callable[[Connection, object], Reply]:
    form, handler = handlers[name]
    prefetch = prefetches[name]

    def prefetch_all(db: Session, asked: list[tuple[Connection, Any]]) -> None:
        refresh_actors(db, [connection for connection, _data in asked])
        prefetch(db, [(current_actor(connection), data) for connection, data in asked])

    def answer(connection: Connection, payload: object) -> Reply:
        data = _admit(name, form, connection, payload)

        def steps(db: Session) -> Steps[Reply]:
            if connection.sid not in connections:  # it closed before the batch ran
                raise Refused("bad_frame")
            req = FrameRequest(db, current_actor(connection), connection.sid)
            reply: Reply = yield from handler(req, data)
            return reply

        return run_read(steps, prefetch=prefetch_all, about=(connection, data))

    return answer


def _admit(name: str, form: type[BaseModel], connection: Connection, payload: object) -> BaseModel:
    rate_limits.hit("frames", connection.sid, FRAME_RATE, local_only=True)
    if name in arrivals:
        load_shedding.reject_if_overloaded()
    return parse_frame(form, payload)


def _failure(name: str, error: Exception) -> Reply:
    if isinstance(error, Refused):
        return _nack(error)
    if (reason := database_outage(error)) is not None:
        log.warning("database unavailable", reason=reason, frame=name)
        return _nack(Unavailable())
    log.error("frame failed", exc_info=error)
    return {"ok": False, "status": 500, "error": "our_fault", "message": message_for("our_fault")}


def _nack(refused: Refused) -> Reply:
    hidden = isinstance(refused, NotFound | Forbidden) and refused.code in {"not_found", "forbidden"}
    code = "not_found" if hidden else refused.code if is_known(refused.code) else "invalid"
    reply: Reply = {
        "ok": False,
        "status": 404 if hidden else refused.status,
        "error": code,
        "message": message_for(code, **refused.params),
    }
    if isinstance(refused, TooMany | Unavailable):
        reply["retry_after"] = refused.retry_after
    return reply
