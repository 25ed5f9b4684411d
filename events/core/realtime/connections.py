"""The open sockets of this process: what is remembered of each, and how they are closed."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from flask_socketio import SocketIO, disconnect, leave_room
from sqlalchemy.orm import Session

from events.core.auth.actor import Actor, load_actors

ACTOR_TTL_SECONDS = 1.0  # seconds that an actor counts as read

socketio = SocketIO()


@dataclass
class Connection:
    """What a process remembers of one open socket. Its `actor` counts for a moment: see `actor_of`."""

    sid: str
    sign_in_id: str | None
    keys: tuple[str, ...]
    person_id: str | None
    session: Any = None  # what the cookie said when the socket opened
    rooms: set[str] = field(default_factory=set)
    unreadable: int = 0
    by_key: bool = False  # opened by a personal key, without a sign-in
    actor: Actor | None = None
    read_at: float = 0.0  # on the monotonic clock: when the actor was read


def actor_of(db: Session, connection: Connection) -> Actor:
    """Who it is, as the rows said within the last second. A right that ended closes its sockets within two;
    roles and memberships are read by every frame that asks for them."""
    refresh_actors(db, [connection])
    return current_actor(connection)


def refresh_actors(db: Session, wanted: Iterable[Connection]) -> None:
    """Read anew, in one query, the actors of those connections whose actor is older than a second.

    From here to the end of the unit of work `current_actor` gives them.
    """
    moment = time.monotonic()
    stale = [one for one in wanted if one.actor is None or moment - one.read_at >= ACTOR_TTL_SECONDS]
    found = load_actors(db, {(one.sign_in_id, one.keys) for one in stale}) if stale else {}
    for connection in stale:
        actor = found[connection.sign_in_id, connection.keys]
        if connection.actor is None:
            connection.by_key = actor.kind == "key"
        connection.actor, connection.read_at = actor, moment


def current_actor(connection: Connection) -> Actor:
    """The actor as `refresh_actors` left it."""
    if connection.actor is None:
        raise LookupError("the actor was not read yet")
    return connection.actor


connections: dict[str, Connection] = {}


def close_where(applies: Callable[[Connection], bool]) -> None:
    """Close this process's sockets for which `applies`.

    The goodbye of Socket.IO alone leaves it to the other side to hang up, so the line is cut as well.
    """
    for sid in [connection.sid for connection in connections.values() if applies(connection)]:
        line = socketio.server.manager.eio_sid_from_sid(sid, "/")
        disconnect(sid=sid, namespace="/")
        _cut(line)


def empty_room(room: str) -> None:
    """Take everyone out and cut their lines: a page connects anew, and enters if it still may."""
    for connection in [one for one in connections.values() if room in one.rooms]:
        leave_room(room, sid=connection.sid, namespace="/")
        connection.rooms.discard(room)
        _cut(socketio.server.manager.eio_sid_from_sid(connection.sid, "/"))


def close_all() -> None:
    """Cut every line without a goodbye: pages take that for a break and connect anew by themselves."""
    for sid in list(connections):
        _cut(socketio.server.manager.eio_sid_from_sid(sid, "/"))


def evict_where(applies: Callable[[Connection], bool], room: str) -> None:
    """Take this process's sockets for which `applies` out of a room."""
    for connection in list(connections.values()):
        if room in connection.rooms and applies(connection):
            leave_room(room, sid=connection.sid, namespace="/")
            connection.rooms.discard(room)


def _cut(line: str | None) -> None:
    transport = socketio.server.eio.sockets.get(line)
    if transport is not None:
        transport.close(wait=False)  # what is queued goes out first; nobody waits for a stalled reader
