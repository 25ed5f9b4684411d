"""WebSocket transport that replaces Engine.IO's per-client queue with direct writes.

Engine.IO gives every client a queue and a greenlet that moves packets to the WebSocket. This class
takes the place of the queue: replies, pings and broadcasts are written as they are put, by one
greenlet per client instead of four.
"""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import gevent
from engineio.exceptions import SocketIsClosedError, UnknownPacketError
from engineio.packet import PING, Packet
from wsproto.frame_protocol import Opcode, ParseFailed
from wsproto.utilities import generate_accept_token

from events.core.observability import sockets_refused
from events.core.realtime.socket_writer import SocketWriter, frame_of
from events.core.realtime.websocket_reader import FrameReader

PING_CHECK_SECONDS = 1.0  # interval of the check of all pings and pongs
READ_BYTES = 4096
SESSION_TIMEOUT_SECONDS = 10.0  # from the handshake to an accepted Socket.IO CONNECT
HANDSHAKE = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: %s\r\n\r\n"
)
PING_FRAME = frame_of(Packet(PING).encode().encode())
Environ = dict[str, Any]


class Handshake:
    """Engine.IO's `websocket` class: constructed with the handler of a client, called as a WSGI
    app.

    Negotiates no compression, which would need a frame per client and 100 KiB of memory each.
    """

    def __init__(
        self, handler: Callable[..., Any], server: Any, *, has_session: Callable[[str], bool]
    ) -> None:
        self._client: Any = handler.__self__  # type: ignore[attr-defined]  # `Socket._websocket_handler`, bound
        self._server = server
        self._has_session = has_session

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
        if not key or environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13":
            start_response(
                "400 Bad Request", [("Content-Type", "text/plain"), ("Sec-WebSocket-Version", "13")]
            )
            return [b"not a websocket"]
        websocket = WebSocket(environ["gunicorn.socket"], self._client, self._server, self._has_session)
        websocket.serve(generate_accept_token(key.encode("latin-1", "replace")))
        raise StopIteration  # tells gunicorn that the connection is finished


class WebSocket(SocketWriter):
    """An open WebSocket of an Engine.IO client."""

    __slots__ = ("_client", "_has_session", "_server", "_without_session_since", "ping_at")

    def __init__(self, connection: Any, client: Any, server: Any, has_session: Callable[[str], bool]) -> None:
        super().__init__(connection)
        self._has_session = has_session  # whether the client has joined a Socket.IO namespace
        self._without_session_since: float | None = time.monotonic()
        self._client = client
        self._server = server
        self.ping_at: float | None = None  # monotonic time; None while a pong is awaited

    def serve(self, accept: bytes) -> None:
        """Replace the client's queue, and read until the connection ends."""
        client = self._client
        waiting, client.queue = client.queue, self
        client.schedule_ping = self.await_ping
        client.connected = client.upgraded = True
        greeting = [HANDSHAKE % accept]
        while not waiting.empty():
            greeting.append(frame_of(waiting.get().encode().encode()))
        self.write(b"".join(greeting))
        if client.last_ping is None:  # as `broadcast_manager.install` sets it
            self.ping_at = time.monotonic() + self._server.ping_interval
        open_websockets[client.sid] = self
        _watch()
        try:
            with suppress(OSError):  # connection lost
                self._read()
        finally:
            open_websockets.pop(client.sid, None)
            self.release()
            client.close(wait=False, abort=True, reason=self._server.reason.TRANSPORT_CLOSE)
            client.queue = waiting  # breaks the reference cycle, so both are freed without GC
            del client.schedule_ping

    def put(self, packet: Packet | None) -> None:
        """Queue interface of Engine.IO: write a packet; None closes after pending data."""
        if packet is None:
            self.close()
            return
        encoded = packet.encode()
        if isinstance(encoded, str):
            self.write(frame_of(encoded.encode()))
        else:
            self.write(frame_of(encoded, Opcode.BINARY))

    def join(self) -> None:
        """Queue interface of Engine.IO: do not wait for the client to read."""

    def await_ping(self) -> None:
        """Replaces Engine.IO's scheduler, which keeps a sleeping greenlet per client."""
        if self._client.last_ping:
            self._client.last_ping = None
            self.ping_at = time.monotonic() + self._server.ping_interval

    def check_ping(self, moment: float) -> None:
        """Send a ping when due; abort a client that missed a pong or has no session."""
        if self._has_session(self._client.sid):
            self._without_session_since = None
        elif self._without_session_since is None:
            self._without_session_since = moment
        elif moment - self._without_session_since > SESSION_TIMEOUT_SECONDS:
            sockets_refused.labels("no session").inc()
            self.abort()
            return
        pinged = self._client.last_ping
        if self.ping_at is not None and self.ping_at <= moment:
            self.ping_at, self._client.last_ping = None, time.time()
            self.write(PING_FRAME)
        elif pinged and time.time() - pinged > self._server.ping_timeout:
            self.abort()

    def _read(self) -> None:
        reader = FrameReader(self._server.max_http_buffer_size)
        try:
            while not self.over and (data := self._socket.recv(READ_BYTES)):
                if not all(self._take(opcode, payload) for opcode, payload in reader.feed(data)):
                    return
        except ParseFailed as failed:
            self.close(failed.code)

    def _take(self, opcode: Opcode, payload: Any) -> bool:
        """Handle a message or control frame; False ends the connection."""
        if opcode is Opcode.CLOSE:
            self.close()
            return False
        if opcode is Opcode.PING:
            if not self.is_behind:  # else pings of a client that never reads would fill our memory
                self.write(frame_of(bytes(payload), Opcode.PONG))
            return True
        return opcode is Opcode.PONG or self._receive(payload)

    def _receive(self, message: str | bytes) -> bool:
        try:
            self._client.receive(Packet(encoded_packet=message))
        except UnknownPacketError:
            return True
        except (SocketIsClosedError, ValueError, RecursionError):  # already closed, or not a packet
            return False
        return True


open_websockets: dict[str, WebSocket] = {}  # by Engine.IO sid
_ping_checker: list[gevent.Greenlet] = []


def _watch() -> None:
    if not _ping_checker or _ping_checker[0].dead:
        _ping_checker[:] = [gevent.spawn(_check_pings)]


def _check_pings() -> None:
    """One greenlet for all clients, where Engine.IO wakes one per client."""
    while True:
        gevent.sleep(PING_CHECK_SECONDS)
        moment = time.monotonic()
        for websocket in list(open_websockets.values()):
            websocket.check_ping(moment)
