"""Registry of frames: the form, the handler and the rights of each, and what a handler has in hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from events.core import rate_limits
from events.core.auth.actor import Actor
from events.core.auth.endpoints import Access, Endpoint, declare
from events.core.db.read_batch import Steps
from events.core.realtime.connections import connections, socketio

Reply = dict[str, Any]


@dataclass
class FrameRequest:
    """One frame: the unit of work it runs in, the actor, and the rooms of its socket."""

    db: Session
    actor: Actor
    sid: str

    def enter(self, room: str) -> None:
        """From now on this socket hears what is broadcast there. Enter first, then read: no gap."""
        socketio.server.enter_room(self.sid, room)
        connections[self.sid].rooms.add(room)

    def leave(self, room: str) -> None:
        socketio.server.leave_room(self.sid, room)
        connections[self.sid].rooms.discard(room)

    def is_in(self, room: str) -> bool:
        return room in connections[self.sid].rooms

    def limit(self, bucket: str, rate: str) -> None:
        rate_limits.hit(bucket, self.actor.person_id or self.sid, rate)


Handler = Callable[[FrameRequest, Any], Reply | None]
BatchedHandler = Callable[[FrameRequest, Any], Steps[Reply]]
FramePrefetch = Callable[[Session, list[tuple[Actor, Any]]], None]
H = TypeVar("H", bound=Handler)
B = TypeVar("B", bound=BatchedHandler)
handlers: dict[str, tuple[type[BaseModel], Any]] = {}
prefetches: dict[str, FramePrefetch] = {}
arrivals: set[str] = set()
turn_fields: dict[str, str] = {}


def frame(
    name: str,
    form: type[BaseModel],
    *,
    who: Access,
    keys: tuple[str, ...] = (),
    arrives: bool = False,
    serialize_by: str | None = None,
) -> Callable[[H], H]:
    """Declare a frame: handler(wire, data) -> what the acknowledgement adds.

    One by which somebody `arrives` is refused for a moment when too many do. Those that have the same in the
    field named by `in_turn` are handled one after the other.
    """

    def register(handler: H) -> H:
        declare(Endpoint(name, "frame", who, (), keys))
        handlers[name] = (form, handler)
        if arrives:
            arrivals.add(name)
        if serialize_by is not None:
            turn_fields[name] = serialize_by
        return handler

    return register


def read_frame(
    name: str, form: type[BaseModel], *, prefetch: FramePrefetch, who: Access, keys: tuple[str, ...] = ()
) -> Callable[[B], B]:
    """Declare a frame by which somebody arrives and reads. Those that come at once share a unit of work.

    The handler is a generator: it enters its rooms, yields once, and then reads what must not miss what was
    told in between. `prefetch(db, [(actor, data), …])` reads for all of them what they ask for.
    """

    def register(handler: B) -> B:
        declare(Endpoint(name, "frame", who, (), keys))
        handlers[name] = (form, handler)
        arrivals.add(name)
        prefetches[name] = prefetch
        return handler

    return register
