"""Strict Socket.IO packet parser: anything that our clients never send becomes a refused frame."""

import json
from functools import cached_property

from socketio.packet import ACK, CONNECT, DISCONNECT, EVENT, Packet
from typing_extensions import override

REFUSED = "refused"
MAX_FRAME_BYTES = 64 * 1024
_RESERVED = {"connect", "disconnect", "connect_error", "*", "message", "json", REFUSED}
_NOT_A_NUMBER = ValueError("not a JSON number")


class SharedReply(dict[str, object]):
    """Acknowledgement shared by many clients; its JSON is cached, so it must not change."""

    @cached_property
    def text(self) -> str:
        return json.dumps({"ok": True, **self}, separators=(",", ":"))


class StrictPacket(Packet):  # type: ignore[misc]  # python-socketio ships no types
    """Refuses binary packets, other namespaces, reserved event names and anything but one object."""

    uses_binary_events = False
    packet_type: int
    namespace: str | None
    data: object
    id: int | None

    def __init__(
        self,
        packet_type: int = EVENT,
        data: object = None,
        namespace: str | None = None,
        id: int | None = None,
        binary: bool | None = None,
        encoded_packet: object = None,
    ) -> None:
        super().__init__(packet_type, data, namespace, id, False if binary is None else binary)
        if encoded_packet is not None:  # an empty string is a packet too
            self.decode(encoded_packet)

    @override
    def encode(self) -> str:
        if self.packet_type == ACK and isinstance(self.data, list) and len(self.data) == 1:
            reply = self.data[0]
            if isinstance(reply, SharedReply):
                return f"{ACK}{self.id}[{reply.text}]"
        encoded: str = super().encode()  # a list only with binary data, which this class refuses
        return encoded

    @override
    def decode(self, encoded_packet: object) -> int:
        self.namespace, self.data, self.id = None, None, None
        try:
            self._read(encoded_packet)
        except (ValueError, TypeError, RecursionError):
            # Handled as a refused frame, so that the sender gets an error.
            self.packet_type, self.data, self.namespace = EVENT, [REFUSED], None
        return 0

    def _read(self, encoded: object) -> None:
        if not isinstance(encoded, str) or len(encoded) > MAX_FRAME_BYTES:
            raise ValueError("not a text frame")
        self.packet_type = int(encoded[:1])
        if self.packet_type not in {CONNECT, DISCONNECT, EVENT, ACK}:
            raise ValueError("not a packet of ours")
        rest = encoded[1:]
        digits = len(rest) - len(rest.lstrip("0123456789"))
        if digits > 10:
            raise ValueError("id too long")
        self.id = int(rest[:digits]) if digits else None
        body = rest[digits:]
        if body.startswith("/"):
            raise ValueError("another namespace")
        if body:
            self.data = json.loads(body, parse_constant=_refuse_constant)
        if self.packet_type == EVENT:
            self._check_event()

    def _check_event(self) -> None:
        if not isinstance(self.data, list) or not 1 <= len(self.data) <= 2:
            raise ValueError("an event is a name and one object")
        if not isinstance(self.data[0], str) or self.data[0] in _RESERVED or self.data[0].startswith("_"):
            raise ValueError("not the name of a frame")


def _refuse_constant(_name: str) -> float:
    raise _NOT_A_NUMBER
