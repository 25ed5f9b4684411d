"""Socket.IO client on a plain socket that reads only on request and validates every packet."""

import base64
import json
import os
import socket
import struct
from typing import Any, Self

TIMEOUT_SECONDS = 15.0  # seconds
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class Malformed(Exception):
    """What came is not a stream of whole websocket frames."""


class ConnectionClosed(Exception):
    """The other side closed the line, with the code in `args` if it said one."""


class Raw:
    """One client. `receive_buffer` is how much the system takes in for it while it does not read."""

    def __init__(
        self, port: int, *, receive_buffer: int | None = None, query: str = "", headers: tuple[str, ...] = ()
    ) -> None:
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(TIMEOUT_SECONDS)
        self.socket.connect(("127.0.0.1", port))
        self._data = b""
        lines = [
            f"GET /socket.io/?EIO=4&transport=websocket{query} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            *headers,
        ]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        while b"\r\n\r\n" not in self._data:
            self._more()
        head, _, self._data = self._data.partition(b"\r\n\r\n")
        self.answer = head.decode("latin-1")
        if " 101 " in self.answer.splitlines()[0]:
            self.opened = json.loads(self.text()[1:])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.socket.close()

    def enter(self) -> Self:
        """Connect to the namespace."""
        self.send("40")
        answer = self.text()
        assert answer.startswith("40"), answer
        return self

    def ask(self, number: int, name: str, /, **data: object) -> None:
        self.send(f"42{number}{json.dumps([name, data], ensure_ascii=False)}")

    def send(self, text: str) -> None:
        self.send_frame(text.encode())

    def send_frame(
        self, payload: bytes, opcode: int = TEXT, *, last: bool = True, masked: bool = True
    ) -> None:
        size = len(payload)
        extended = (
            b"" if size < 126 else struct.pack("!H", size) if size < 1 << 16 else struct.pack("!Q", size)
        )
        short = size if size < 126 else 126 if size < 1 << 16 else 127
        mask = os.urandom(4) if masked else b""
        body = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload)) if masked else payload
        self.socket.sendall(bytes((last << 7 | opcode, masked << 7 | short)) + extended + mask + body)

    def packet(self) -> tuple[str, int | None, Any]:
        """The next packet of Socket.IO: its kind, its number if it is an answer, and its data."""
        text = self.text()
        digits = text[2:][: len(text[2:]) - len(text[2:].lstrip("0123456789"))]
        return text[:2], int(digits) if digits else None, json.loads(text[2 + len(digits) :])

    def text(self) -> str:
        """The next text; a ping of Engine.IO is answered in passing."""
        while True:
            opcode, payload = self.frame()
            if opcode == CLOSE:
                raise ConnectionClosed(int.from_bytes(payload[:2], "big"))
            if opcode != TEXT:
                raise Malformed(f"opcode {opcode}")
            try:
                text = payload.decode()
            except UnicodeDecodeError as fault:
                raise Malformed(str(fault)) from None
            if text != "2":
                return text
            self.send("3")

    def frame(self) -> tuple[int, bytes]:
        """The next frame, whatever it is."""
        first, second = self._take(2)
        if (
            first & 0x70
            or not first & 0x80
            or second & 0x80
            or first & 0x0F not in {TEXT, 2, CLOSE, PING, PONG}
        ):
            raise Malformed(f"header {first:02x}{second:02x}")
        size = second
        if second == 126:
            size = int.from_bytes(self._take(2), "big")
        elif second == 127:
            size = int.from_bytes(self._take(8), "big")
        if size > 10_000_000:
            raise Malformed(f"a frame of {size} bytes")
        return first & 0x0F, self._take(size)

    def _take(self, size: int) -> bytes:
        while len(self._data) < size:
            self._more()
        taken, self._data = self._data[:size], self._data[size:]
        return taken

    def _more(self) -> None:
        try:
            data = self.socket.recv(65536)
        except ConnectionError:
            data = b""
        if not data:
            raise ConnectionClosed
        self._data += data
