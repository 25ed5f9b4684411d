"""Non-blocking writer of one socket: sends whole frames in order and buffers what the kernel does
not take.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import gevent
import structlog
from gevent import socket
from wsproto.frame_protocol import CloseReason, Opcode

log = structlog.get_logger()

SEND_BUFFER_BYTES = 64 * 1024  # SO_SNDBUF; Linux doubles it
MAX_BUFFERED_BYTES = 1024 * 1024  # then the client is disconnected and catches up by sequence number
STALL_TIMEOUT_SECONDS = 20.0  # without a byte taken
CLOSE_TIMEOUT_SECONDS = 5.0  # for the peer to answer a close frame


def frame_of(payload: bytes, opcode: Opcode = Opcode.TEXT) -> bytes:
    """A complete server-side WebSocket frame (RFC 6455, unmasked); reusable for any number of
    clients.
    """
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 1 << 16:
        return bytes((0x80 | opcode, 126)) + size.to_bytes(2, "big") + payload
    return bytes((0x80 | opcode, 127)) + size.to_bytes(8, "big") + payload


class SocketWriter:
    """Outbound side of one socket. `write` never blocks, so a slow client delays no other.

    The kernel may take part of a frame. The rest and all later frames are buffered and written by a
    greenlet as the client reads, so frames are never repeated, truncated or reordered.
    """

    __slots__ = ("_buffer", "_closing", "_drainer", "_send", "_socket", "over")

    def __init__(self, connection: Any) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(True)  # blocking for this greenlet only: gevent socket
        self._socket = connection
        self._send: Callable[[bytes | bytearray], int] = connection._sock.send  # raw send, which never waits
        self._buffer = bytearray()
        self._drainer: gevent.Greenlet | None = None
        self._closing = False
        self.over = False

    @property
    def is_behind(self) -> bool:
        """Whether frames are buffered because the client reads slowly."""
        return bool(self._buffer)

    def write(self, frame: bytes) -> None:
        """Send a whole frame after all earlier ones."""
        if self._buffer:
            self._enqueue(frame)
            return
        if self.over or self._closing:
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
        """Send a close frame after pending data, then give the peer CLOSE_TIMEOUT_SECONDS to close
        first.
        """
        if self._closing or self.over:
            return
        self.write(frame_of(int(reason).to_bytes(2, "big"), Opcode.CLOSE))
        self._closing = True
        if not self._buffer:
            self._finish()

    def abort(self) -> None:
        """Shut the socket down now; its reader notices and cleans up."""
        if not self.over:
            self.over = True
            self._buffer.clear()
            self._shut(socket.SHUT_RDWR)

    def release(self) -> None:
        """Abort and stop the drain greenlet, before the socket object is closed."""
        self.abort()
        if self._drainer is not None:
            self._drainer.kill()

    def _enqueue(self, rest: bytes) -> None:
        """Buffer the rest of a frame. The limit is checked before, so a single frame of any size
        fits.
        """
        if self._closing:
            return
        if len(self._buffer) > MAX_BUFFERED_BYTES:
            log.info("slow client disconnected", buffered=len(self._buffer))
            self.abort()
            return
        self._buffer += rest
        if self._drainer is None:
            self._drainer = gevent.spawn(self._drain)

    def _drain(self) -> None:
        """Write the buffer as the client reads, until it is empty."""
        while self._buffer:
            try:
                socket.wait_write(
                    self._socket.fileno(),
                    timeout=CLOSE_TIMEOUT_SECONDS if self._closing else STALL_TIMEOUT_SECONDS,
                )
                del self._buffer[: self._send(self._buffer)]
            except BlockingIOError:
                continue
            except OSError:  # stalled or disconnected
                self.abort()
        self._drainer = None
        if self._closing:
            self._finish()

    def _finish(self) -> None:
        if not self.over:
            self._shut(socket.SHUT_WR)
            self._drainer = gevent.spawn_later(CLOSE_TIMEOUT_SECONDS, self.abort)

    def _shut(self, how: int) -> None:
        with suppress(OSError):  # already closed
            self._socket.shutdown(how)
