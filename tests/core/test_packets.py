"""Socket.IO packet parser: valid frames pass, everything else becomes a refused frame."""

import json

import pytest
from socketio.packet import CONNECT, EVENT

from events.core.realtime.packets import MAX_FRAME_BYTES, REFUSED, StrictPacket


def test_a_frame_of_ours_is_read() -> None:
    packet = StrictPacket(encoded_packet='217["chat.post",{"body":"Hallo"}]')
    assert (packet.packet_type, packet.id, packet.data) == (EVENT, 17, ["chat.post", {"body": "Hallo"}])


def test_the_opening_packet_is_read() -> None:
    assert StrictPacket(encoded_packet="0").packet_type == CONNECT


def test_what_we_write_is_what_socketio_writes() -> None:
    encoded = StrictPacket(EVENT, ["room.beat", {"seq": 1}]).encode()
    assert json.loads(encoded[1:]) == ["room.beat", {"seq": 1}]


@pytest.mark.parametrize(
    "encoded",
    [
        "2", "2[]", "2{}", "2null", "2[1]", "2[{}]", "", "9", "x", "5", "510-", "59999999999-[...]",
        '51-["x",{"_placeholder":true,"num":-1}]', "0/nope,", '2/admin,["x",{}]', "29999999999999[1]",
        '2["connect",{}]', '2["disconnect","evil"]', '2["*",{}]', '2["__class__",{}]', '2["refused",{}]',
        '2["a",{},{}]', '2["a",NaN]', "4", b"\x00\x01", '2["a",' + "[" * 100_000,
        '2["a","' + "x" * MAX_FRAME_BYTES + '"]',
    ],
)  # fmt: skip
def test_anything_else_becomes_a_refused_frame(encoded: object) -> None:
    packet = StrictPacket(encoded_packet=encoded)
    assert (packet.packet_type, packet.data) == (EVENT, [REFUSED])
    assert packet.attachment_count == 0
