"""The one writer of a socket: whole frames, at once, in one order; what the network does not take is kept."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import gevent
import structlog
from gevent import socket
from wsproto.frame_protocol import CloseReason, Opcode

log = structlog.get_logger()

SEND_BUFFER = 64 * 1024  # bytes that the system holds for a client that reads slowly; Linux doubles it
MAX_BUFFERED_BYTES = (
    1024 * 1024
)  # bytes that we hold beyond; then the line is cut, and its page reads on by number
STALLED_FOR = 20.0  # seconds without taking a byte
GOODBYE = 5.0  # seconds in which the other side may hang up by itself


def frame_of(payload: bytes, opcode: Opcode = Opcode.TEXT) -> bytes:
    """A whole websocket frame as a server sends it; the same bytes serve any number of clients."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 1 << 16:
        return bytes((0x80 | opcode, 126)) + size.to_bytes(2, "big") + payload
    return bytes((0x80 | opcode, 127)) + size.to_bytes(8, "big") + payload


class SocketWriter:
    """What goes out on one socket. `write` never waits, so a slow client holds nobody up.

    A system call may take a part of a frame. Then the rest, and everything after it, is kept and written on
    by a greenlet as the client reads: a frame is never begun twice, left half or overtaken.
    """

    __slots__ = ("_buffer", "_drainer", "_leaving", "_send", "_socket", "over")

    def __init__(self, connection: Any) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(True)  # as gevent means it: no timeout, only this greenlet waits
        self._socket = connection
        self._send: Callable[[bytes | bytearray], int] = connection._sock.send  # unlike gevent's, never waits
        self._buffer = bytearray()
        self._drainer: gevent.Greenlet | None = None
        self._leaving = False
        self.over = False

    @property
    def is_behind(self) -> bool:
        """Whether the client has yet to read something that the system no longer holds for it."""
        return bool(self._buffer)

    def write(self, frame: bytes) -> None:
        """Send a whole frame behind all before it."""
        if self._buffer:
            self._enqueue(frame)
            return
        if self.over or self._leaving:
            return
        try:
            sent = self._send(frame)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.abort()
            return
        if sent < len(frame):
            self._enqueue(frame[sent:])

    def close(self, reason: CloseReason = CloseReason.NORMAL_CLOSURE) -> None:
        """Say goodbye behind what waits, and leave it to the other side to close for a moment."""
        if self._leaving or self.over:
            return
        self.write(frame_of(int(reason).to_bytes(2, "big"), Opcode.CLOSE))
        self._leaving = True
        if not self._buffer:
            self._finish()

    def abort(self) -> None:
        """End it now. Whoever reads from the socket notices, and tidies up in its own time."""
        if not self.over:
            self.over = True
            self._buffer.clear()
            self._shut(socket.SHUT_RDWR)

    def release(self) -> None:
        """The socket is about to be closed: nothing of ours may wait for it any more."""
        self.abort()
        if self._drainer is not None:
            self._drainer.kill()

    def _enqueue(self, rest: bytes) -> None:
        """Behind what waits already. The limit is looked at before: one frame, however long, always fits."""
        if self._leaving:
            return
        if len(self._buffer) > MAX_BUFFERED_BYTES:
            log.info("a slow line was cut", kept=len(self._buffer))
            self.abort()
            return
        self._buffer += rest
        if self._drainer is None:
            self._drainer = gevent.spawn(self._drain)

    def _drain(self) -> None:
        """Write on as the client reads, until nothing is left."""
        while self._buffer:
            try:
                socket.wait_write(self._socket.fileno(), timeout=GOODBYE if self._leaving else STALLED_FOR)
                del self._buffer[: self._send(self._buffer)]
            except BlockingIOError:
                continue
            except OSError:  # stalled for too long, or gone
                self.abort()
        self._drainer = None
        if self._leaving:
            self._finish()

    def _finish(self) -> None:
        if not self.over:
            self._shut(socket.SHUT_WR)
            self._drainer = gevent.spawn_later(GOODBYE, self.abort)

    def _shut(self, how: int) -> None:
        with suppress(OSError):  # it may be closed already
            self._socket.shutdown(how)
