"""WebSocket frame reader: floods of small, empty, fragmented and control frames close the
connection.
"""

import struct

import gevent
import pytest
from wsproto.frame_protocol import CloseReason, Opcode, ParseFailed

from events.core.realtime import websocket_reader
from events.core.realtime.websocket_reader import MAX_BURST, MAX_FRAGMENTS, FrameReader

MAX_BYTES = 65_536
TEXT, CONTINUED, PING = 1, 0, 9


def frame(payload: bytes, opcode: int = TEXT, *, last: bool = True) -> bytes:
    """A frame as a client sends it; a mask of zeros is a mask."""
    size = len(payload)
    head = bytes((last << 7 | opcode,))
    if size < 126:
        return head + struct.pack("!BI", 0x80 | size, 0) + payload
    if size < 1 << 16:
        return head + struct.pack("!BHI", 0x80 | 126, size, 0) + payload
    return head + struct.pack("!BQI", 0x80 | 127, size, 0) + payload


def read(reader: FrameReader, data: bytes, step: int = 4096) -> list[tuple[Opcode, object]]:
    """Everything that comes of the data, delivered in parts of `step` bytes."""
    return [found for at in range(0, len(data), step) for found in reader.feed(data[at : at + step])]


def refused(data: bytes, step: int = 4096) -> tuple[int, int]:
    """The code that the connection ends with, and how many bytes were taken until then."""
    reader, taken = FrameReader(MAX_BYTES), 0
    for at in range(0, len(data), step):
        taken += step
        try:
            list(reader.feed(data[at : at + step]))
        except ParseFailed as failed:
            return int(failed.code), taken
    raise AssertionError("everything was taken")


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No tokens come back while a test runs, however slow the machine is."""
    monkeypatch.setattr(websocket_reader, "FRAMES_PER_SECOND", 0.0)


@pytest.mark.parametrize("payload", [b"", b"x"])
def test_endless_fragments_are_refused_after_a_few(payload: bytes) -> None:
    flood = frame(payload, last=False) + frame(payload, CONTINUED, last=False) * 100_000
    code, taken = refused(flood, step=64)
    assert code == CloseReason.POLICY_VIOLATION
    assert taken <= MAX_FRAGMENTS * 8 + 64


@pytest.mark.parametrize(
    "one", [frame(b""), frame(b"", PING), frame(b"p" * 125, PING), frame(b"", 10), frame(b"x")]
)
def test_a_flood_of_small_frames_is_refused_whatever_they_are(one: bytes) -> None:
    code, taken = refused(one * 100_000, step=len(one))
    assert code == CloseReason.POLICY_VIOLATION
    assert taken == (MAX_BURST + 1) * len(one)


def test_large_messages_cost_more_than_small_ones() -> None:
    large = frame(b"x" * 60_000)
    _code, taken = refused(large * 1000)
    assert taken < 12 * len(large)


def test_a_message_that_trickles_in_byte_by_byte_is_refused() -> None:
    code, taken = refused(frame(b"x" * 60_000), step=1)
    assert code == CloseReason.POLICY_VIOLATION
    assert taken < 2 * MAX_BURST


@pytest.mark.parametrize("text", ["x" * 70_000, "é" * 40_000])
def test_a_message_is_measured_in_bytes_over_all_its_fragments(text: str) -> None:
    whole = text.encode()
    pieces = [whole[at : at + 7_000] for at in range(0, len(whole), 7_000)]
    data = frame(pieces[0], last=False) + b"".join(frame(one, CONTINUED, last=False) for one in pieces[1:])
    assert refused(data)[0] == CloseReason.MESSAGE_TOO_BIG


def test_a_frame_that_announces_more_than_fits_is_refused_once_that_much_has_come() -> None:
    head = bytes((0x81, 0xFF)) + struct.pack("!QI", 1 << 62, 0)
    code, taken = refused(head + b"x" * 10_000_000)
    assert code == CloseReason.MESSAGE_TOO_BIG
    assert taken <= MAX_BYTES + 2 * 4096


def test_fragments_within_bounds_make_one_message_also_within_a_character() -> None:
    """Empty fragments are allowed by RFC 6455, and so is one that ends inside a character."""
    body = "Tot straks, bij de koffie ☕".encode()
    pieces = [b"", *(body[at : at + 1] for at in range(len(body))), b""]
    data = frame(b"", last=False) + b"".join(
        frame(piece, CONTINUED, last=at == len(pieces) - 1) for at, piece in enumerate(pieces)
    )
    assert read(FrameReader(MAX_BYTES), data) == [(Opcode.TEXT, body.decode())]


def test_every_message_starts_with_its_own_count() -> None:
    reader = FrameReader(MAX_BYTES)
    halves = frame(b"x" * 100, last=False) + frame(b"y" * 100, CONTINUED)
    assert len(read(reader, halves * 250)) == 250


def test_tokens_come_back_with_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket_reader, "FRAMES_PER_SECOND", 1e9)
    assert len(read(FrameReader(MAX_BYTES), frame(b"x") * 5 * MAX_BURST)) == 5 * MAX_BURST


def test_other_work_runs_between_the_frames_of_one_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[float] = []
    monkeypatch.setattr(gevent, "sleep", turns.append)
    read(FrameReader(MAX_BYTES), frame(b"") * 320)
    assert turns == [0] * 10
