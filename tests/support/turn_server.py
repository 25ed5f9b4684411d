"""A TURN server on loopback that checks credentials and answers as it is told."""

import base64
import hashlib
import hmac
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

COOKIE = 0x2112A442
REALM = b"turn.example"
PASSED = struct.Struct("!HHI12s")


def attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)


def response(kind: int, transaction: bytes, *attributes: bytes) -> bytes:
    body = b"".join(attributes)
    return PASSED.pack(kind, len(body), COOKIE, transaction) + body


@dataclass
class TurnServer:
    """`says` is well, silent, deaf once, stale once, full, open or nonsense; `asked` holds methods."""

    secret: str = "north"
    says: str = "well"
    relays_from: str = "8.8.4.4"
    port: int = 0
    asked: list[int] = field(default_factory=list)

    def answer(self, message: bytes) -> bytes | None:
        method, _length, _cookie, transaction = PASSED.unpack_from(message)
        self.asked.append(method)
        turn = len(self.asked)
        if self.says == "silent" or (self.says == "deaf once" and turn == 1):
            return None
        if self.says == "nonsense":
            return b"SSH-2.0 a server of something else"
        challenge = attribute(0x0014, REALM) + attribute(0x0015, f"nonce {turn}".encode())
        signed = message[-24:-20] == b"\x00\x08\x00\x14"
        code = 0
        if self.says != "open" and not (signed and self._knows(message)):
            code = 401
        elif self.says == "stale once" and turn == 2:
            code = 438
        elif self.says == "full":
            code = 486
        if code:
            error = attribute(0x0009, bytes([0, 0, code // 100, code % 100]) + b"No")
            return response(method | 0x0110, transaction, error, challenge)
        address = int.from_bytes(socket.inet_aton(self.relays_from), "big") ^ COOKIE
        return response(
            method | 0x0100, transaction, attribute(0x0016, struct.pack("!BBHI", 0, 1, 0, address))
        )

    def _knows(self, message: bytes) -> bool:
        """The password follows from name and secret; the key from name, realm and password."""
        name = value_of(message, 0x0006)
        password = base64.b64encode(hmac.digest(self.secret.encode(), name, "sha1"))
        key = hashlib.md5(b":".join((name, REALM, password)), usedforsecurity=False).digest()
        return hmac.compare_digest(hmac.digest(key, message[:-24], "sha1"), message[-20:])


def value_of(message: bytes, wanted: int) -> bytes:
    place = PASSED.size
    while place < len(message):
        kind, length = struct.unpack_from("!HH", message, place)
        if kind == wanted:
            return message[place + 4 : place + 4 + length]
        place += 4 + length + -length % 4
    return b""


@contextmanager
def serve_udp(server: TurnServer) -> Iterator[TurnServer]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        server.port = sock.getsockname()[1]

        def work() -> None:
            while True:
                message, sender = sock.recvfrom(2000)
                if not message:
                    return
                reply = server.answer(message)
                if reply is not None:
                    sock.sendto(reply, sender)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield server
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", ("127.0.0.1", server.port))
            thread.join()


@contextmanager
def serve_tcp(server: TurnServer, tls: ssl.SSLContext | None = None) -> Iterator[TurnServer]:
    """One connection, answered in two halves each time; a handshake that fails ends it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.port = listening.getsockname()[1]

        def work() -> None:
            plain, _address = listening.accept()
            with plain, suppress(OSError), tls.wrap_socket(plain, True) if tls else plain as connection:
                while message := connection.recv(2000):
                    reply = server.answer(message) or b""
                    connection.sendall(reply[:7])
                    connection.sendall(reply[7:])

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield server
        finally:
            thread.join()
