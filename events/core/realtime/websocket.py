"""The websocket of one client of Engine.IO, standing in the place of its queue.

Engine.IO gives every client a queue, and a greenlet that carries packets from the queue to the websocket.
Here the line itself is that queue: answers, pings and private frames are written as they are put, and
broadcasts of `broadcast_manager.py` between them. One writer, one order, one greenlet a client, not four.
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

PING_CHECK_SECONDS = 1.0  # seconds between two looks at whose ping or pong is due
READ_AT_ONCE = 4096  # bytes
SESSION_WITHIN = 10.0  # seconds from the handshake to a Socket.IO CONNECT that was accepted
HANDSHAKE = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: %s\r\n\r\n"
)
PINGED = frame_of(Packet(PING).encode().encode())
Environ = dict[str, Any]


class Handshake:
    """What Engine.IO calls its websocket class: made with the handler of a client, called as a WSGI app.

    No compression is agreed on: each client would need a frame of its own and 100 KiB of memory.
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
        line = WebSocket(environ["gunicorn.socket"], self._client, self._server, self._has_session)
        line.serve(generate_accept_token(key.encode("latin-1", "replace")))
        raise StopIteration  # tells gunicorn that the connection is done with


class WebSocket(SocketWriter):
    """An open websocket and the client of Engine.IO that it belongs to."""

    __slots__ = ("_client", "_has_session", "_server", "_without_session_since", "ping_at")

    def __init__(self, connection: Any, client: Any, server: Any, has_session: Callable[[str], bool]) -> None:
        super().__init__(connection)
        self._has_session = has_session  # whether a client of Engine.IO is connected to a namespace
        self._without_session_since: float | None = time.monotonic()
        self._client = client
        self._server = server
        self.ping_at: float | None = None  # on the monotonic clock; None while a pong is awaited

    def serve(self, accept: bytes) -> None:
        """Take the place of the client's queue, and read until the line ends."""
        client = self._client
        waiting, client.queue = client.queue, self
        client.schedule_ping = self.await_ping
        client.connected = client.upgraded = True
        greeting = [HANDSHAKE % accept]
        while not waiting.empty():
            greeting.append(frame_of(waiting.get().encode().encode()))
        self.write(b"".join(greeting))
        if client.last_ping is None:  # as `fanout.install` sets it
            self.ping_at = time.monotonic() + self._server.ping_interval
        open_websockets[client.sid] = self
        _watch()
        try:
            with suppress(OSError):  # the line broke
                self._read()
        finally:
            open_websockets.pop(client.sid, None)
            self.release()
            client.close(wait=False, abort=True, reason=self._server.reason.TRANSPORT_CLOSE)
            client.queue = waiting  # each knows the other no more, so both are freed without a collection
            del client.schedule_ping

    def put(self, packet: Packet | None) -> None:
        """In the place of Engine.IO's queue: write a packet; None ends the line once all is written."""
        if packet is None:
            self.close()
            return
        encoded = packet.encode()
        if isinstance(encoded, str):
            self.write(frame_of(encoded.encode()))
        else:
            self.write(frame_of(encoded, Opcode.BINARY))

    def join(self) -> None:
        """In the place of Engine.IO's queue: nobody waits for a client to read."""

    def await_ping(self) -> None:
        """In the place of Engine.IO's own, which keeps a sleeping greenlet for every client."""
        if self._client.last_ping:
            self._client.last_ping = None
            self.ping_at = time.monotonic() + self._server.ping_interval

    def check_ping(self, moment: float) -> None:
        """Ping when that is due; end a client that did not answer the last one, or has no session."""
        if self._has_session(self._client.sid):
            self._without_session_since = None
        elif self._without_session_since is None:
            self._without_session_since = moment
        elif moment - self._without_session_since > SESSION_WITHIN:
            sockets_refused.labels("no session").inc()
            self.abort()
            return
        pinged = self._client.last_ping
        if self.ping_at is not None and self.ping_at <= moment:
            self.ping_at, self._client.last_ping = None, time.time()
            self.write(PINGED)
        elif pinged and time.time() - pinged > self._server.ping_timeout:
            self.abort()

    def _read(self) -> None:
        reader = FrameReader(self._server.max_http_buffer_size)
        try:
            while not self.over and (data := self._socket.recv(READ_AT_ONCE)):
                if not all(self._take(opcode, payload) for opcode, payload in reader.feed(data)):
                    return
        except ParseFailed as failed:
            self.close(failed.code)

    def _take(self, opcode: Opcode, payload: Any) -> bool:
        """Act on a message or a control frame; False ends the line."""
        if opcode is Opcode.CLOSE:
            self.close()
            return False
        if opcode is Opcode.PING:
            if not self.is_behind:  # or who pings and never reads would fill our memory with answers
                self.write(frame_of(bytes(payload), Opcode.PONG))
            return True
        return opcode is Opcode.PONG or self._receive(payload)

    def _receive(self, message: str | bytes) -> bool:
        try:
            self._client.receive(Packet(encoded_packet=message))
        except UnknownPacketError:
            return True
        except (SocketIsClosedError, ValueError, RecursionError):  # closed meanwhile; or no packet at all
            return False
        return True


open_websockets: dict[str, WebSocket] = {}  # by the id that Engine.IO gives a client
_looking: list[gevent.Greenlet] = []


def _watch() -> None:
    if not _looking or _looking[0].dead:
        _looking[:] = [gevent.spawn(_look_after_all)]


def _look_after_all() -> None:
    """One greenlet for all, where Engine.IO wakes once for each client."""
    while True:
        gevent.sleep(PING_CHECK_SECONDS)
        moment = time.monotonic()
        for line in list(open_websockets.values()):
            line.check_ping(moment)
