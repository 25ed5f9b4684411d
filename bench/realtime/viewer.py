"""Viewer of the load generator: a Socket.IO client on a plain socket that parses as little as possible."""

import base64
import json
import os
import socket
import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

TEXT = 0x81  # FIN and opcode text (RFC 6455)


class Step(IntEnum):
    CONNECTING = 0
    UPGRADING = 1
    GREETING = 2
    ENTERING = 3
    INSIDE = 4
    GONE = 5


@dataclass(eq=False)
class Viewer:
    """`next_seq` is the number the next entry must have; None before the first entry."""

    cookie: str
    began: float  # of its first attempt to connect
    connection: socket.socket = field(default_factory=socket.socket)
    step: Step = Step.CONNECTING
    buffer: bytes = b""
    awaited: int = 0  # acknowledgements until it has joined
    next_seq: int | None = None
    joined_after: float | None = None


def upgrade(port: int, cookie: str, origin: str) -> bytes:
    lines = [
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
        f"Host: localhost:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        f"Origin: {origin}",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def text(payload: str) -> bytes:
    """A masked client frame; the mask of zeros is valid and leaves the text unchanged."""
    data = payload.encode()
    if len(data) < 126:
        return struct.pack("!BBI", TEXT, 0x80 | len(data), 0) + data
    return struct.pack("!BBHI", TEXT, 0x80 | 126, len(data), 0) + data


def event(name: str, data: object, number: int | None = None) -> bytes:
    return text(f"42{'' if number is None else number}{json.dumps([name, data])}")


def answer_of(payload: bytes) -> tuple[int, Any]:
    """The packet number and the data of an acknowledgement."""
    digits = payload[2 : payload.index(b"[")]
    return int(digits), json.loads(payload[2 + len(digits) :])[0]


def split(buffer: bytes) -> tuple[list[bytes], bytes]:
    """The payloads of the complete text frames in a buffer, and the incomplete rest."""
    found = []
    at, end = 0, len(buffer)
    while end - at >= 2:
        if buffer[at] != TEXT:
            raise ValueError(f"not a text frame: {buffer[at]:02x}")
        size, start = buffer[at + 1], at + 2
        if size == 126:
            size, start = int.from_bytes(buffer[at + 2 : at + 4], "big"), at + 4
        elif size == 127:
            size, start = int.from_bytes(buffer[at + 2 : at + 10], "big"), at + 10
        if end < start or end - start < size:
            break
        found.append(buffer[start : start + size])
        at = start + size
    return found, buffer[at:]
