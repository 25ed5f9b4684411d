"""One frame, built once and written straight to the line of every viewer, behind Socket.IO's ordinary `emit`.

A client manager for python-socketio. Clients without a line of ours (`websocket.py`), binary data and frames
that ask for an answer take the way of the library. The line leans on a few things that are nobody's promise:
they are tried at the start, and if one of them is not as expected everything goes the way of the library.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from engineio import packet as engine
from engineio.socket import Socket
from socketio import Manager
from socketio import packet as frames
from typing_extensions import override

from events.core.realtime.socket_writer import frame_of
from events.core.realtime.websocket import Handshake, open_websockets

log = structlog.get_logger()
ENGINE_INTERNALS = {
    "queue",
    "sid",
    "server",
    "last_ping",
    "connected",
    "upgraded",
    "closed",
}  # of a client of Engine.IO


class Fanout(Manager):  # type: ignore[misc]  # python-socketio ships no types
    """Socket.IO's manager of clients and rooms, with a broadcast that costs one system call a viewer."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._rooms_of: defaultdict[tuple[str, str], set[Any]] = defaultdict(set)  # by namespace and client

    @override
    def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: Any = None,
        skip_sid: Any = None,
        callback: Any = None,
        to: Any = None,
        **kwargs: Any,
    ) -> None:
        arguments = list(data) if isinstance(data, tuple) else [] if data is None else [data]
        encoded = None
        if callback is None:
            encoded = self.server.packet_class(
                frames.EVENT, namespace=namespace, data=[event, *arguments]
            ).encode()
        if not isinstance(encoded, str):
            super().emit(event, data, namespace, room, skip_sid, callback, to, **kwargs)
            return
        skipped = skip_sid if isinstance(skip_sid, list) else [skip_sid]
        packet = engine.Packet(engine.MESSAGE, encoded)
        frame = frame_of(packet.encode().encode())
        for sid, client in self.get_participants(namespace, to or room):
            if sid in skipped:
                continue
            line = open_websockets.get(client)
            if line is not None:
                line.write(frame)
            else:
                self.server._send_eio_packet(client, packet)

    @override
    def basic_enter_room(self, sid: str, namespace: str, room: Any, eio_sid: str | None = None) -> None:
        super().basic_enter_room(sid, namespace, room, eio_sid)
        self._rooms_of[namespace, sid].add(room)

    @override
    def basic_leave_room(self, sid: str, namespace: str, room: Any) -> None:
        super().basic_leave_room(sid, namespace, room)
        if (namespace, sid) in self._rooms_of:
            self._rooms_of[namespace, sid].discard(room)

    @override
    def basic_disconnect(self, sid: str, namespace: str, **kwargs: Any) -> None:
        """Leaves the rooms of this client; the library looks into every room there is, and each client is
        one itself, so that a thousand who leave would cost a million looks."""
        for room in self._rooms_of.pop((namespace, sid), set()):
            super().basic_leave_room(sid, namespace, room)
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            if sid in pending.get(namespace, ()):
                pending[namespace].remove(sid)
                if not pending[namespace]:
                    del pending[namespace]


def install(server: Any) -> bool:
    """Let a Socket.IO server open its websockets as lines. False, with a word in the log, when it cannot."""
    missing = what_is_missing(server)
    if missing is not None:
        log.warning("broadcasts take the library's own, slower way", because=missing)
        return False
    manager = server.manager
    server.eio._async["websocket"] = partial(
        Handshake, has_session=lambda client: manager.sid_from_eio_sid(client, "/") is not None
    )
    server.eio.start_service_task = False  # a line looks after itself
    server.eio.on("connect", partial(_greet, server.eio, server.eio.handlers["connect"]))
    return True


def _greet(engine_server: Any, greet: Callable[[str, Any], Any], client: str, environ: Any) -> Any:
    """Keep Engine.IO from starting a greenlet that sleeps until the first ping: the line sends it."""
    engine_server.sockets[client].last_ping = None
    return greet(client, environ)


def what_is_missing(server: Any) -> str | None:
    """What of the inside of Engine.IO is not as the line expects it, found by trying; None when all is."""
    try:
        client = Socket(server.eio, "tried at the start")
        if server.eio._async["websocket"] is None:
            return "this way of serving has no websockets"
        if not server.eio.start_service_task:
            return "nobody looks after clients who fall silent"
        if absent := ENGINE_INTERNALS - vars(client).keys():
            return f"a client holds no {', '.join(sorted(absent))}"
        if client._websocket_handler.__self__ is not client:
            return "the handler of a websocket is not its client's"
        return _try_queue(client)
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        return f"{type(fault).__name__}: {fault}"


def _try_queue(client: Any) -> str | None:
    """Whether all that is sent to a client passes its queue, and a None there is the end of it."""
    put: list[Any] = []

    class Recorder:
        def put(self, packet: Any) -> None:
            put.append(packet)

    if not client.queue.empty():
        return "a new client has something in its queue"
    client.queue = Recorder()
    packet = engine.Packet(engine.MESSAGE, "tried")
    client.send(packet)
    client.server.sockets, others = {client.sid: client}, client.server.sockets
    handlers, client.server.handlers = client.server.handlers, {}
    try:
        client.server.send_packet(client.sid, packet)
        client.close(wait=False, abort=True)
    finally:
        client.server.sockets, client.server.handlers = others, handlers
    return None if put == [packet, packet, None] else "what is sent to a client does not pass its queue"
