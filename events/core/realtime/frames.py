"""Registry of frames: form, handler and access of each, and the FrameRequest that handlers receive."""

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
    """A frame being handled: its unit of work, actor and socket."""

    db: Session
    actor: Actor
    sid: str

    def enter(self, room: str) -> None:
        """Join a room. Enter first, then read, so that no broadcast is missed in between."""
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
frames_without_request: set[str] = set()
lock_fields: dict[str, str] = {}


def frame(
    name: str,
    form: type[BaseModel],
    *,
    who: Access,
    keys: tuple[str, ...] = (),
    arrives: bool = False,
    serialize_by: str | None = None,
    without_request: bool = False,
) -> Callable[[H], H]:
    """Declare a frame with handler(req, data); what it returns is merged into the acknowledgement.

    A frame that `arrives` is refused while the process is overloaded. Frames with the same value in
    the field named by `serialize_by` are handled one at a time, in order. One with `without_request` is
    frequent, and neither it nor a listener reads the request: only the app's context is entered.
    """

    def register(handler: H) -> H:
        declare(Endpoint(name, "frame", who, (), keys))
        handlers[name] = (form, handler)
        if arrives:
            arrivals.add(name)
        if serialize_by is not None:
            lock_fields[name] = serialize_by
        if without_request:
            frames_without_request.add(name)
        return handler

    return register


def read_frame(
    name: str, form: type[BaseModel], *, prefetch: FramePrefetch, who: Access, keys: tuple[str, ...] = ()
) -> Callable[[B], B]:
    """Declare a frame that enters a room and reads its state; concurrent ones share a unit of work, which
    refuses writes.

    The handler is a generator: it enters its rooms, yields once, then reads what must not miss a
    broadcast in between. `prefetch(db, [(actor, data), …])` loads rows for all of them.
    """

    def register(handler: B) -> B:
        declare(Endpoint(name, "frame", who, (), keys))
        handlers[name] = (form, handler)
        arrivals.add(name)
        prefetches[name] = prefetch
        frames_without_request.add(name)
        return handler

    return register
