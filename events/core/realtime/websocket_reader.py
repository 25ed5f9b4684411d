"""WebSocket frame reader: wsproto behind a token bucket that bounds parsing and memory per client."""

import time
from collections.abc import Iterator
from typing import Any

import gevent
from wsproto.frame_protocol import CloseReason, Frame, FrameProtocol, Opcode, ParseFailed

FRAMES_PER_SECOND = 120.0  # refill rate of the token bucket, per connection
MAX_BURST = 600  # size of the bucket: a page may send this many at once after a wake-up
BYTES_PER_TOKEN = 1024  # a frame costs one token, plus one for each of these
MAX_FRAGMENTS = 64  # per message; browsers send a few at most
FRAMES_PER_TURN = 32  # then other greenlets run: reading alone does not yield while bytes keep coming


class FrameReader:
    """Inbound side of one connection. `max_bytes` bounds a message.

    Every frame is charged before it is kept: control frames, fragments, and partial deliveries of a
    long one. The cost of a frame does not depend on earlier frames.
    """

    __slots__ = (
        "_charged_at",
        "_fragments",
        "_max_bytes",
        "_message",
        "_protocol",
        "_size",
        "_tokens",
        "_turn",
    )

    def __init__(self, max_bytes: int) -> None:
        self._protocol = FrameProtocol(client=False, extensions=[])
        self._max_bytes = max_bytes
        self._message: list[Any] = []
        self._size = self._fragments = self._turn = 0
        self._tokens, self._charged_at = float(MAX_BURST), time.monotonic()

    def feed(self, data: bytes) -> Iterator[tuple[Opcode, Any]]:
        """Yield whole messages and control frames. Raises ParseFailed with the code to close with."""
        self._protocol.receive_bytes(data)
        for frame in self._protocol.received_frames():
            payload: Any = frame.payload  # text, bytes, or of a close frame the code and the reason
            if frame.opcode.iscontrol():
                self._charge(0)
                yield frame.opcode, payload
                continue
            # Text is counted as it came, in bytes.
            size = len(payload) if isinstance(payload, bytes) or payload.isascii() else len(payload.encode())
            self._charge(size)
            if (message := self._assemble(frame, payload, size)) is not None:
                yield frame.opcode, message

    def _charge(self, size: int) -> None:
        """Take tokens from the bucket, and yield to other greenlets every FRAMES_PER_TURN frames."""
        self._turn += 1
        if self._turn >= FRAMES_PER_TURN:
            self._turn = 0
            gevent.sleep(0)
        moment = time.monotonic()
        earned = (moment - self._charged_at) * FRAMES_PER_SECOND
        self._charged_at = moment
        self._tokens = min(self._tokens + earned, MAX_BURST) - 1 - size // BYTES_PER_TOKEN
        if self._tokens < 0:
            raise ParseFailed("too many frames", CloseReason.POLICY_VIOLATION)

    def _assemble(self, frame: Frame, payload: Any, size: int) -> Any:
        """The message once its last fragment is there, else None. Sizes are accumulated, never
        recounted.
        """
        self._size += size
        self._fragments += frame.frame_finished
        if self._size > self._max_bytes:
            raise ParseFailed("message too long", CloseReason.MESSAGE_TOO_BIG)
        if self._fragments > MAX_FRAGMENTS:
            raise ParseFailed("too many fragments", CloseReason.POLICY_VIOLATION)
        if not frame.message_finished:
            if payload:
                self._message.append(payload)
            return None
        if self._message:
            payload = type(payload)().join([*self._message, payload])
            self._message.clear()
        self._size = self._fragments = 0
        return payload
