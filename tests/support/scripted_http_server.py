"""HTTP server that sends scripted raw bytes, for tests of outgoing fetches."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

HEAD = b"HTTP/1.1 200 OK\r\n"
Script = Callable[[socket.socket], None]


class Hostile:
    """A server at kalender.test that answers each connection by a script of raw bytes."""

    def __init__(self, port: int) -> None:
        self.heard: list[bytes] = []
        self.scripts: dict[str, Script] = {}
        self._listening = socket.create_server(("127.0.0.1", port))
        self.port = port
        self.closing = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def host_overrides(self) -> dict[str, tuple[str, int]]:
        return {"kalender.test": ("127.0.0.1", self.port)}

    def close(self) -> None:
        self.closing.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        while not self.closing.is_set():
            try:
                opened, _peer = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(opened,), daemon=True).start()

    def _answer(self, opened: socket.socket) -> None:
        with opened, suppress(OSError):
            asked = opened.recv(65536)
            self.heard.append(asked)
            path = asked.split(b" ")[1].decode(errors="replace") if asked[:1] == b"G" else ""
            self.scripts.get(path, says(b"HTTP/1.1 404 Nothing\r\nContent-Length: 0\r\n\r\n"))(opened)


def says(answer: bytes) -> Script:
    return lambda opened: opened.sendall(answer)


def content(body: bytes, *headers: bytes) -> Script:
    lines = b"".join(header + b"\r\n" for header in headers)
    return says(HEAD + lines + b"Content-Length: %d\r\n\r\n" % len(body) + body)
