"""WebSocket frame reader: wsproto behind a token bucket that bounds parsing and memory per client.

What pages send nearly always, whole frames of text, is read without wsproto.
"""

import time
from collections.abc import Iterator
from typing import Any

import gevent
from wsproto.frame_protocol import CloseReason, Frame, FrameProtocol, Opcode, ParseFailed

FRAMES_PER_SECOND = 120.0  # refill rate of the token bucket, per connection
MAX_BURST = 600  # size of the bucket: a page may send this many at once after a wake-up
BYTES_PER_TOKEN = 1024  # a frame costs one token, plus one for each of these
MAX_FRAGMENTS = 64  # per message; browsers send a few at most
WHOLE_TEXT = 0x80 | Opcode.TEXT  # first byte of a frame that is a whole message
MASKED = 0x80  # in the second byte, beside the length
LENGTH_IN_TWO_BYTES = 126
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
        "_starts_a_frame",
        "_tokens",
        "_turn",
    )

    def __init__(self, max_bytes: int) -> None:
        self._protocol = FrameProtocol(client=False, extensions=[])
        self._max_bytes = max_bytes
        self._message: list[Any] = []
        self._starts_a_frame = True  # what comes next, as long as wsproto never waited for a rest
        self._size = self._fragments = self._turn = 0
        self._tokens, self._charged_at = float(MAX_BURST), time.monotonic()

    def feed(self, data: bytes) -> Iterator[tuple[Opcode, Any]]:
        """Yield whole messages and control frames. Raises ParseFailed with the code to close with."""
        texts = whole_texts(data) if self._starts_a_frame else None
        if texts is not None:
            for size, text in texts:
                self._charge(size)
                if size > self._max_bytes:
                    raise ParseFailed("message too long", CloseReason.MESSAGE_TOO_BIG)
                yield Opcode.TEXT, text
            return
        self._starts_a_frame = False
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


def whole_texts(data: bytes) -> list[tuple[int, str]] | None:
    """(bytes, text) of each frame if `data` is nothing but whole, masked, unfragmented frames of text, in
    their shortest form and valid UTF-8; else None: then wsproto reads or refuses them.
    """
    found, at, end = [], 0, len(data)
    while at < end:
        if end - at < 6 or data[at] != WHOLE_TEXT or data[at + 1] < MASKED:
            return None
        size, mask_at = data[at + 1] - MASKED, at + 2
        if size == LENGTH_IN_TWO_BYTES:
            size, mask_at = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            if size < LENGTH_IN_TWO_BYTES:
                return None
        elif size > LENGTH_IN_TWO_BYTES:
            return None
        begin = mask_at + 4
        at = begin + size
        if at > end:
            return None
        # All bytes at once, as one large number.
        mask = (data[mask_at:begin] * (size // 4 + 1))[:size]
        masked = int.from_bytes(data[begin:at], "big")
        try:
            text = (masked ^ int.from_bytes(mask, "big")).to_bytes(size, "big").decode()
        except UnicodeDecodeError:
            return None
        found.append((size, text))
    return found
