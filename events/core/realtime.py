"""The socket door: declared frames, rights read afresh each time, acknowledged after the commit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from flask import Flask, request, session
from flask.ctx import RequestContext
from flask_socketio import ConnectionRefusedError, join_room, leave_room
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from events.core import admission, fanout, limits
from events.core.access import VISITOR, Actor
from events.core.client_network import current_address
from events.core.config import Settings
from events.core.connections import Connection, actor_of, close_where, connections, socketio
from events.core.db import forbid_open_unit, unit_of_work
from events.core.door import SESSION_KEYS
from events.core.errors import COME_BACK, Forbidden, NotFound, Refused, TooMany, Unavailable
from events.core.forms import parse_frame
from events.core.lines import lines
from events.core.mail_ledger import act_for
from events.core.observe import named_work, sockets_open, websockets_open
from events.core.outages import database_outage
from events.core.packets import LARGEST_FRAME, REFUSED, StrictPacket
from events.core.pages import speak_to
from events.core.relay import Relay
from events.core.rights import Door as Declared
from events.core.rights import Who, declare
from events.core.turns import turn
from events.core.words import is_known, say

log = structlog.get_logger()
Reply = dict[str, Any]
FRAME_RATE = "300 per minute"  # of one socket, over all frames
SOCKET_RATE = "60 per minute"  # of one person, over all tabs
VISITOR_RATE = "600 per minute"  # of one network without a sign-in: an office shares one
MOST_UNREADABLE = 50  # frames; none of our pages ever sends one


@dataclass
class Wire:
    """One frame: the unit of work it runs in, the actor, and the rooms of its socket."""

    db: Session
    actor: Actor
    sid: str

    def enter(self, room: str) -> None:
        """From now on this socket hears what is broadcast there. Enter first, then read: no gap."""
        join_room(room, sid=self.sid, namespace="/")
        connections[self.sid].rooms.add(room)

    def leave(self, room: str) -> None:
        leave_room(room, sid=self.sid, namespace="/")
        connections[self.sid].rooms.discard(room)

    def is_in(self, room: str) -> bool:
        return room in connections[self.sid].rooms

    def limit(self, bucket: str, rate: str) -> None:
        limits.hit(bucket, self.actor.person_id or self.sid, rate)


Handler = Callable[[Wire, Any], Reply | None]
H = TypeVar("H", bound=Handler)
_handlers: dict[str, tuple[type[BaseModel], Handler]] = {}
_arrivals: set[str] = set()
_in_turn: dict[str, str] = {}
_closed: list[Callable[[Connection], None]] = []
C = TypeVar("C", bound=Callable[[Connection], None])


def frame(
    name: str,
    form: type[BaseModel],
    *,
    who: Who,
    keys: tuple[str, ...] = (),
    arrives: bool = False,
    in_turn: str | None = None,
) -> Callable[[H], H]:
    """Declare a frame: handler(wire, data) -> what the acknowledgement adds.

    One by which somebody `arrives` is refused for a moment when too many do. Those that have the same in the
    field named by `in_turn` are handled one after the other.
    """

    def register(handler: H) -> H:
        declare(Declared(name, "frame", who, (), keys))
        _handlers[name] = (form, handler)
        if arrives:
            _arrivals.add(name)
        if in_turn is not None:
            _in_turn[name] = in_turn
        return handler

    return register


def on_closed(listener: C) -> C:
    """Hear of each socket that closed, for whatever reason, as listener(connection)."""
    if listener not in _closed:
        _closed.append(listener)
    return listener


def init_app(app: Flask, settings: Settings) -> None:
    socketio.init_app(
        app,
        async_mode=app.config.get("SOCKET_MODE", "gevent"),
        transports=["websocket"],
        cors_allowed_origins=settings.origins,
        client_manager=Relay(settings.redis_url) if settings.redis_url else fanout.Fanout(),
        serializer=StrictPacket,
        max_http_buffer_size=LARGEST_FRAME,
        async_handlers=False,
        ping_interval=25,
        ping_timeout=20,
    )
    fanout.install(socketio.server)
    socketio.on_event("connect", _connect)
    socketio.on_event("disconnect", _disconnect)
    socketio.on_event(REFUSED, _refuse)
    for name in _handlers:
        socketio.server.on(name, _answering(app, name))
    sockets_open.set_function(lambda: len(connections))
    websockets_open.set_function(lambda: len(lines))


def broadcast(room: str, name: str, data: dict[str, Any], *, nearby: bool = False) -> None:
    """Send one frame of data to everyone in the room, on every process or only on this one.

    Never in a unit of work.
    """
    forbid_open_unit("a broadcast")
    socketio.emit(name, data, to=room, ignore_queue=nearby)


def send_to_person(person_id: str, name: str, data: dict[str, Any]) -> None:
    """Send one frame to every open socket of a person."""
    broadcast(f"person:{person_id}", name, data)


def _connect(_auth: object = None) -> bool:
    sid: str = request.sid  # type: ignore[attr-defined]  # set by Flask-SocketIO
    sign_in_id, keys = session.get("_user_id"), tuple(session.get(SESSION_KEYS, []))
    cookie = session._get_current_object()  # type: ignore[attr-defined]  # what the proxy stands for
    connection = Connection(sid, sign_in_id, keys, None, cookie)
    try:
        admission.check_in()
        with unit_of_work() as db:
            actor = actor_of(db, connection)
    except Unavailable as crowded:
        raise ConnectionRefusedError("unavailable", {"retry_after": crowded.retry_after}) from None
    except (DBAPIError, PoolTimeout) as error:
        if database_outage(error) is None:
            raise
        raise ConnectionRefusedError("unavailable", {"retry_after": COME_BACK}) from None
    connection.person_id = actor.person_id
    try:
        if actor.person_id is not None:
            limits.hit("sockets", actor.person_id, SOCKET_RATE)
        else:
            limits.hit_network("visitors' sockets", current_address(), VISITOR_RATE)
    except TooMany:
        return False
    connections[sid] = connection
    if actor.person_id is not None:
        join_room(f"person:{actor.person_id}", sid=sid)
    return True


def _disconnect(*_reason: object) -> None:
    connection = connections.pop(request.sid, None)  # type: ignore[attr-defined]  # set by Flask-SocketIO
    if connection is None:
        return
    for listener in _closed:
        try:
            listener(connection)
        except Exception:  # one listener must not keep the next from hearing
            log.exception("closing failed", listener=listener.__qualname__)


def _refuse(*_payload: object) -> Reply:
    """What could not be read. Who keeps sending such is not one of our pages, and loses the line."""
    connection = connections.get(request.sid)  # type: ignore[attr-defined]  # set by Flask-SocketIO
    if connection is not None:
        connection.unreadable += 1
        if connection.unreadable >= MOST_UNREADABLE:
            close_where(lambda one: one is connection)
    return _nack(Refused("bad_frame"))


def _answering(app: Flask, name: str) -> Callable[..., Reply]:
    """Answers a frame in the context of the request that opened its socket, so that words are in the
    reader's language. Flask-SocketIO would do the same, and check the cookie of that request each time."""
    form, handler = _handlers[name]
    field = _in_turn.get(name)

    def in_context(sid: str, *payload: object) -> Reply:
        connection = connections.get(sid)
        environ = socketio.server.get_environ(sid)
        with RequestContext(app, environ, session=connection.session if connection else None), named_work():
            return answer(connection, *payload)

    def answer(connection: Connection | None, *payload: object) -> Reply:
        if connection is None:
            return _nack(Refused("bad_frame"))
        sid = connection.sid
        speak_to(connection.actor or VISITOR)  # a refusal must have words while the database is away, too
        try:
            limits.hit("frames", sid, FRAME_RATE, nearby=True)
            if name in _arrivals:
                admission.check_in()
            data = parse_frame(form, payload[0] if payload else {})
            with turn(getattr(data, field) if field else None), unit_of_work() as db:
                wire = Wire(db, actor_of(db, connection), sid)
                act_for(db, lambda: wire.actor)
                reply = handler(wire, data)
        except Refused as refused:
            return _nack(refused)
        except Exception as error:  # a fault in one frame must not close the socket
            if (reason := database_outage(error)) is not None:
                log.warning("database unavailable", reason=reason, frame=name)
                return _nack(Unavailable())
            log.exception("fault in a frame", frame=name)
            return {"ok": False, "status": 500, "error": "our_fault", "message": say("our_fault")}
        return {"ok": True, **(reply or {})}

    return in_context


def _nack(refused: Refused) -> Reply:
    hidden = isinstance(refused, NotFound | Forbidden) and refused.code in {"not_found", "forbidden"}
    code = "not_found" if hidden else refused.code if is_known(refused.code) else "invalid"
    reply: Reply = {
        "ok": False,
        "status": 404 if hidden else refused.status,
        "error": code,
        "message": say(code, **refused.params),
    }
    if isinstance(refused, TooMany | Unavailable):
        reply["retry_after"] = refused.retry_after
    return reply
