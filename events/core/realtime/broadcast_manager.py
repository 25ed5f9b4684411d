"""python-socketio client manager that encodes a broadcast once and writes it to every WebSocket
directly.

Clients without a WebSocket of ours, binary data and frames with a callback use the library's own
path. It relies on undocumented Engine.IO internals: they are checked at start-up, and if any
changed, everything uses the stock transport.
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
}  # attributes of an Engine.IO client


class Fanout(Manager):  # type: ignore[misc]  # python-socketio ships no types
    """Client and room manager whose broadcast costs one system call per viewer."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._rooms_of: defaultdict[tuple[str, str], set[Any]] = defaultdict(set)  # by (namespace, sid)

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
            websocket = open_websockets.get(client)
            if websocket is not None:
                websocket.write(frame)
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
        """Leave the client's own rooms only. The library iterates over every room, and each client
        is one itself: a thousand who leave would cost a million look-ups.
        """
        for room in self._rooms_of.pop((namespace, sid), set()):
            super().basic_leave_room(sid, namespace, room)
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            if sid in pending.get(namespace, ()):
                pending[namespace].remove(sid)
                if not pending[namespace]:
                    del pending[namespace]


def install(server: Any) -> bool:
    """Make a Socket.IO server use our WebSockets; False, with a log line, if Engine.IO is
    incompatible.
    """
    missing = find_incompatibility(server)
    if missing is not None:
        log.warning("stock websocket transport in use", reason=missing)
        return False
    manager = server.manager
    server.eio._async["websocket"] = partial(
        Handshake, has_session=lambda client: manager.sid_from_eio_sid(client, "/") is not None
    )
    server.eio.start_service_task = False  # our WebSocket checks its pings itself
    server.eio.on("connect", partial(_greet, server.eio, server.eio.handlers["connect"]))
    return True


def _greet(engine_server: Any, greet: Callable[[str, Any], Any], client: str, environ: Any) -> Any:
    """Keep Engine.IO from starting a greenlet that sleeps until the first ping: the WebSocket
    pings.
    """
    engine_server.sockets[client].last_ping = None
    return greet(client, environ)


def find_incompatibility(server: Any) -> str | None:
    """Difference between the installed Engine.IO and what we rely on, found by trial; None when
    compatible.
    """
    try:
        client = Socket(server.eio, "compatibility check")
        if server.eio._async["websocket"] is None:
            return "the async mode has no websockets"
        if not server.eio.start_service_task:
            return "no service task checks silent clients"
        if absent := ENGINE_INTERNALS - vars(client).keys():
            return f"a client has no {', '.join(sorted(absent))}"
        if client._websocket_handler.__self__ is not client:
            return "the websocket handler is not bound to its client"
        return _try_queue(client)
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        return f"{type(fault).__name__}: {fault}"


def _try_queue(client: Any) -> str | None:
    """Check that everything sent to a client passes through its queue, and that None ends it."""
    put: list[Any] = []

    class Recorder:
        def put(self, packet: Any) -> None:
            put.append(packet)

    if not client.queue.empty():
        return "the queue of a new client is not empty"
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
    return None if put == [packet, packet, None] else "packets do not pass through the client's queue"
