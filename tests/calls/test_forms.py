"""Tests of signalling forms: bounds, one payload a frame, byte-exact forwarding."""

import pytest

from events.calls.forms import Signal
from events.core.errors import Invalid
from events.core.web.forms import parse_frame

COFFEE = "a" * 26
SDP = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\n"
OFFER = {"type": "offer", "sdp": SDP}
CANDIDATE = {"candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host", "sdpMid": "0", "sdpMLineIndex": 0}


def _signal(**fields: object) -> dict[str, object]:
    return {"coffee": COFFEE, "epoch": 1, **fields}


@pytest.mark.parametrize(
    "payload",
    [
        _signal(),
        _signal(description=OFFER, candidate=CANDIDATE),
        _signal(description={"type": "offer", "sdp": "v" * (16 * 1024 + 1)}),
        _signal(description={"type": "rollback", "sdp": SDP}),
        _signal(description={"type": "offer", "sdp": "v=0\x00"}),
        _signal(description={"type": "offer", "sdp": "v=0 ï"}),
        _signal(description={"type": "offer"}),
        _signal(description="offer"),
        _signal(candidate={"candidate": "c" * 1025}),
        _signal(candidate={"candidate": 7}),
        _signal(candidate={**CANDIDATE, "sdpMLineIndex": 64}),
        _signal(candidate={**CANDIDATE, "to": "someone"}),
        _signal(description=OFFER, to="someone"),
        {"coffee": COFFEE, "description": OFFER},
        _signal(description=OFFER, epoch=0),
        _signal(description=OFFER, epoch="1"),
        _signal(description=OFFER, coffee="../etc"),
        _signal(description=OFFER, seat=-1),
        None,
        [],
        "x",
    ],
)
def test_what_is_not_a_signal_is_refused(payload: object) -> None:
    with pytest.raises(Invalid):
        parse_frame(Signal, payload)


def test_a_description_passes_byte_by_byte() -> None:
    content = parse_frame(Signal, _signal(description=OFFER)).content()
    assert content == {"description": OFFER}


def test_a_candidate_keeps_the_words_that_browsers_use() -> None:
    assert parse_frame(Signal, _signal(candidate=CANDIDATE)).content() == {"candidate": CANDIDATE}
