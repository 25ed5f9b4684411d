"""Registry of the open sockets of this process: actor, rooms, and closing them."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from flask_socketio import SocketIO, disconnect, leave_room
from sqlalchemy.orm import Session

from events.core.auth.actor import Actor, load_actors

ACTOR_TTL_SECONDS = 1.0

socketio = SocketIO()


@dataclass
class Connection:
    """An open socket. Its `actor` is cached for ACTOR_TTL_SECONDS: use `actor_of`."""

    sid: str
    sign_in_id: str | None
    keys: tuple[str, ...]
    person_id: str | None
    session: Any = None  # session cookie of the handshake
    rooms: set[str] = field(default_factory=set)
    malformed_frames: int = 0
    by_key: bool = False  # opened by a personal key, without a sign-in
    actor: Actor | None = None
    read_at: float = 0.0  # monotonic time at which the actor was loaded


def actor_of(db: Session, connection: Connection) -> Actor:
    """The actor, at most ACTOR_TTL_SECONDS old. Revoked rights close sockets within two seconds;
    roles and memberships are read by every frame that needs them.
    """
    refresh_actors(db, [connection])
    return current_actor(connection)


def refresh_actors(db: Session, wanted: Iterable[Connection]) -> None:
    """Reload, in one query, the actors that are older than ACTOR_TTL_SECONDS.

    Until the end of the unit of work `current_actor` returns them.
    """
    moment = time.monotonic()
    stale = [
        connection
        for connection in wanted
        if connection.actor is None or moment - connection.read_at >= ACTOR_TTL_SECONDS
    ]
    found = load_actors(db, {(each.sign_in_id, each.keys) for each in stale}) if stale else {}
    for connection in stale:
        actor = found[connection.sign_in_id, connection.keys]
        if connection.actor is None:
            connection.by_key = actor.kind == "key"
        connection.actor, connection.read_at = actor, moment


def current_actor(connection: Connection) -> Actor:
    """The cached actor. Raises LookupError before `refresh_actors`."""
    if connection.actor is None:
        raise LookupError("the actor was not read yet")
    return connection.actor


connections: dict[str, Connection] = {}


def close_where(applies: Callable[[Connection], bool]) -> None:
    """Disconnect this process's sockets for which `applies` returns True.

    A Socket.IO disconnect leaves closing to the client, so the transport is closed as well.
    """
    for sid in [connection.sid for connection in connections.values() if applies(connection)]:
        client = socketio.server.manager.eio_sid_from_sid(sid, "/")
        disconnect(sid=sid, namespace="/")
        _close_transport(client)


def empty_room(room: str) -> None:
    """Remove everyone from a room and close their transports: pages reconnect and enter again if
    allowed.
    """
    for connection in [one for one in connections.values() if room in one.rooms]:
        leave_room(room, sid=connection.sid, namespace="/")
        connection.rooms.discard(room)
        _close_transport(socketio.server.manager.eio_sid_from_sid(connection.sid, "/"))


def close_all() -> None:
    """Close every transport without a disconnect packet, so that pages reconnect by themselves."""
    for sid in list(connections):
        _close_transport(socketio.server.manager.eio_sid_from_sid(sid, "/"))


def evict_where(applies: Callable[[Connection], bool], room: str) -> None:
    """Remove this process's sockets for which `applies` returns True from a room."""
    for connection in list(connections.values()):
        if room in connection.rooms and applies(connection):
            leave_room(room, sid=connection.sid, namespace="/")
            connection.rooms.discard(room)


def _close_transport(client: str | None) -> None:
    transport = socketio.server.eio.sockets.get(client)
    if transport is not None:
        transport.close(wait=False)  # after queued data, without waiting for a stalled client
