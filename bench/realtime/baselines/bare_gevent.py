"""Lower bound of fan-out: gevent sends one prebuilt frame to every socket, without a Socket.IO library."""

import base64
import hashlib
import json
import sys
from typing import Any

import gevent
from gevent.server import StreamServer

from bench.realtime.baselines.frames import Clock, entries

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
sockets: list[Any] = []


def frame(payload: bytes) -> bytes:
    size = len(payload)
    return (
        bytes((0x81, size)) + payload
        if size < 126
        else bytes((0x81, 126)) + size.to_bytes(2, "big") + payload
    )


def serve(connection: Any, _address: object) -> None:
    head = b""
    while b"\r\n\r\n" not in head:
        data = connection.recv(4096)
        if not data:
            return
        head += data
    key = next(
        line.split(b":")[1].strip()
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"sec-websocket-key")
    )
    accept = base64.b64encode(hashlib.sha1(key + MAGIC).digest())  # noqa: S324 - as RFC 6455 says
    connection.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n" + frame(b'0{"sid":"x"}')
    )
    buffer = b""
    while data := connection.recv(4096):
        buffer += data
        while len(buffer) >= 6:
            size, start = buffer[1] & 127, 2
            if size == 126:
                size, start = int.from_bytes(buffer[2:4], "big"), 4
            if len(buffer) < start + 4 + size:
                break
            payload, buffer = buffer[start + 4 : start + 4 + size], buffer[start + 4 + size :]
            answer(connection, payload)


def answer(connection: Any, payload: bytes) -> None:
    if payload == b"40":
        connection.sendall(frame(b'40{"sid":"x"}'))
    elif payload.startswith(b"42"):
        digits = payload[2 : payload.index(b"[")]
        name, data = json.loads(payload[2 + len(digits) :])
        if name == "drive":
            gevent.spawn(drive, data)
        else:
            sockets.append(connection._sock)
        connection.sendall(frame(b"43" + digits + b'[{"ok":true}]'))


def drive(order: dict[str, Any]) -> None:
    clock = Clock(order)
    for seq in clock.numbers():
        gevent.sleep(clock.wait(seq))
        sent = frame(
            b"42"
            + json.dumps(
                ["chat.entries", entries(order, seq, clock.due(seq))], separators=(",", ":")
            ).encode()
        )
        for one in sockets:
            one.send(sent)


if __name__ == "__main__":
    StreamServer(("127.0.0.1", int(sys.argv[1])), serve, backlog=4096).serve_forever()
