"""WebSocket frame reader: floods of small, empty, fragmented and control frames close the
connection.
"""

import struct

import gevent
import pytest
from hypothesis import given
from hypothesis import strategies as st
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


def masked(payload: bytes, mask: bytes, opcode: int = TEXT, *, last: bool = True) -> bytes:
    """A frame as browsers send it."""
    plain = frame(payload, opcode, last=last)
    at = len(plain) - len(payload)
    return plain[: at - 4] + mask + bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload))


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


def outcome(parts: list[bytes], *, by_wsproto: bool) -> list[object]:
    """What comes of these deliveries, and the code of the refusal that ends them."""
    reader, found = FrameReader(MAX_BYTES), list[object]()
    reader._starts_a_frame = not by_wsproto
    try:
        for part in parts:
            found.extend(reader.feed(part))
    except ParseFailed as failed:
        found.append(failed.code)
    return found


FRAMES = st.one_of(
    st.builds(
        masked,
        st.one_of(
            st.text(max_size=200).map(str.encode),
            st.binary(max_size=200),
            st.sampled_from([125, 126, 127, 1500]).map(lambda size: b"a" * size),
        ),
        st.binary(min_size=4, max_size=4),
        st.sampled_from([TEXT, TEXT, TEXT, CONTINUED, 2, 8, PING, 10]),
        last=st.sampled_from([True, True, True, False]),
    ),
    st.binary(max_size=12),
    st.just(b"\x81\xfe\x00\x01\x00\x00\x00\x00a"),  # a length of one in two bytes
)


@given(st.lists(FRAMES, min_size=1, max_size=5), st.lists(st.integers(1, 1200), max_size=4))
def test_whole_frames_of_text_are_read_as_wsproto_reads_them(frames: list[bytes], cuts: list[int]) -> None:
    data, parts = b"".join(frames), []
    for cut in cuts:
        parts.append(data[:cut])
        data = data[cut:]
    parts = [part for part in (*parts, data) if part]
    assert outcome(parts, by_wsproto=False) == outcome(parts, by_wsproto=True)


def test_whole_frames_of_text_do_not_reach_wsproto() -> None:
    reader = FrameReader(MAX_BYTES)
    reader._protocol = None  # type: ignore[assignment]
    data = masked("42né".encode(), b"\x01\x02\x03\x04") + masked(b"3" * 300, b"\x00\xff\x7f\x80")
    assert list(reader.feed(data)) == [(Opcode.TEXT, "42né"), (Opcode.TEXT, "3" * 300)]


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
