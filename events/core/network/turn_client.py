"""TURN client (RFC 8656) that allocates a relay as a browser does and releases it at once."""

import hashlib
import hmac
import os
import socket
import ssl
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address

TIMEOUT_SECONDS = 4.0
RESEND_SECONDS = 0.5  # over UDP; doubles with each try
MAX_MESSAGE_BYTES = 1500
MAGIC = 0x2112A442
HEADER = struct.Struct("!HHI12s")
ALLOCATE, REFRESH = 0x0003, 0x0004
SUCCESS, FAILURE = 0x0100, 0x0110  # added to the method in a response
USERNAME, INTEGRITY, ERROR_CODE, LIFETIME = 0x0006, 0x0008, 0x0009, 0x000D
REALM, NONCE, RELAYED, TRANSPORT = 0x0014, 0x0015, 0x0016, 0x0019
UNAUTHENTICATED, STALE_NONCE = 401, 438
UDP = b"\x11\x00\x00\x00"  # requested transport of the relay

Attributes = dict[int, bytes]


class RelayFailed(Exception):
    """Reason why no relay was allocated, as the end of a sentence."""


@dataclass(frozen=True)
class TurnUrl:
    """A parsed TURN URL (RFC 7065)."""

    host: str
    port: int
    transport: str  # udp or tcp
    tls: bool


def parse_turn_url(url: str) -> TurnUrl:
    scheme, _, rest = url.partition(":")
    netloc, _, query = rest.partition("?transport=")
    tls = scheme == "turns"
    host, colon, port = netloc.rpartition(":")
    if not colon or netloc.endswith("]"):
        host, port = netloc, "5349" if tls else "3478"
    return TurnUrl(host.strip("[]"), int(port), query or ("tcp" if tls else "udp"), tls)


def allocate(url: TurnUrl, username: str, password: str) -> IPv4Address:
    """Allocate a relay, release it and return its public address.

    Raises RelayFailed when the server does not answer, refuses the credentials or has no relay.
    """
    try:
        with _connected(url) as connection:
            return _allocate(connection, username, password)
    except TimeoutError:
        raise RelayFailed("is silent: nothing answers at its port") from None
    except socket.gaierror:
        raise RelayFailed("has no address") from None
    except ssl.SSLError as error:
        raise RelayFailed(f"has no certificate that browsers trust ({error.reason})") from None
    except OSError as error:
        raise RelayFailed(f"is silent: {(error.strerror or str(error)).lower()}") from None
    except (struct.error, ValueError, KeyError, IndexError):
        raise RelayFailed("answers, but not as a TURN server does") from None


class _Connection:
    """Requests to one server, all within one deadline."""

    def __init__(self, sock: socket.socket, *, datagrams: bool) -> None:
        self.sock, self.datagrams = sock, datagrams
        self.deadline = time.monotonic() + TIMEOUT_SECONDS

    def ask(self, method: int, attributes: Attributes, key: bytes | None = None) -> tuple[int, Attributes]:
        """Error code (0 for success) and attributes of the response with this transaction id."""
        transaction = os.urandom(12)
        self._send(message := _pack(method, transaction, attributes, key))
        pause = RESEND_SECONDS
        while True:
            try:
                kind, answered, body = self._receive(pause if self.datagrams else TIMEOUT_SECONDS)
            except TimeoutError:
                if not self.datagrams:
                    raise
                pause *= 2
                self._send(message)
                continue
            if answered == transaction and kind in {method + SUCCESS, method + FAILURE}:
                found = _unpack(body)
                return (_error_code(found) if kind == method + FAILURE else 0), found

    def _send(self, message: bytes) -> None:
        self._wait(TIMEOUT_SECONDS)
        self.sock.sendall(message)

    def _receive(self, at_most: float) -> tuple[int, bytes, bytes]:
        if self.datagrams:
            self._wait(at_most)
            whole = self.sock.recv(MAX_MESSAGE_BYTES)
        else:
            whole = self._read(HEADER.size)
            whole += self._read(min(HEADER.unpack(whole)[1], MAX_MESSAGE_BYTES))
        kind, length, magic, transaction = HEADER.unpack_from(whole)
        if magic != MAGIC or length != len(whole) - HEADER.size:
            raise ValueError("no STUN message")
        return kind, transaction, whole[HEADER.size :]

    def _read(self, size: int) -> bytes:
        taken = b""
        while len(taken) < size:
            self._wait(TIMEOUT_SECONDS)
            more = self.sock.recv(size - len(taken))
            if not more:
                raise ConnectionResetError(0, "it closes the connection")
            taken += more
        return taken

    def _wait(self, at_most: float) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutExpired
        self.sock.settimeout(min(at_most, left))


class TimeoutExpired(OSError):
    """The deadline of the connection passed; unlike TimeoutError it causes no retransmission."""

    def __init__(self) -> None:
        super().__init__("nothing answers at its port")


@contextmanager
def _connected(url: TurnUrl) -> Iterator[_Connection]:
    if url.transport == "udp":
        found = socket.getaddrinfo(url.host, url.port, type=socket.SOCK_DGRAM)
        with socket.socket(found[0][0], socket.SOCK_DGRAM) as sock:
            sock.connect(found[0][4])
            yield _Connection(sock, datagrams=True)
        return
    with socket.create_connection((url.host, url.port), timeout=TIMEOUT_SECONDS) as plain:
        if not url.tls:
            yield _Connection(plain, datagrams=False)
            return
        with ssl.create_default_context().wrap_socket(plain, server_hostname=url.host) as sock:
            yield _Connection(sock, datagrams=False)


def _allocate(connection: _Connection, username: str, password: str) -> IPv4Address:
    wanted = {TRANSPORT: UDP}
    code, found = connection.ask(ALLOCATE, wanted)
    if code != UNAUTHENTICATED:
        if code == 0:
            raise RelayFailed("gives a relay to anybody, without a credential: set use-auth-secret")
        raise RelayFailed(f"refuses a relay ({_reason(code, found)})")
    signed, key = _sign(username, password, found)
    code, found = connection.ask(ALLOCATE, wanted | signed, key)
    if code == STALE_NONCE:
        signed, key = _sign(username, password, found)
        code, found = connection.ask(ALLOCATE, wanted | signed, key)
    if code == UNAUTHENTICATED:
        raise RelayFailed("refuses the credentials: TURN_SECRET is not its secret, or a clock is wrong")
    if code:
        raise RelayFailed(f"lets us in and refuses a relay ({_reason(code, found)})")
    address = _relayed(found[RELAYED])
    connection.ask(REFRESH, {LIFETIME: bytes(4)} | signed, key)
    return address


def _sign(username: str, password: str, challenge: Attributes) -> tuple[Attributes, bytes]:
    """Long-term credential (RFC 8489, section 9.2): attributes to add, and the signing key."""
    realm = challenge[REALM]
    # The protocol prescribes MD5; security rests on the HMAC.
    key = hashlib.md5(b":".join((username.encode(), realm, password.encode())), usedforsecurity=False)
    return {USERNAME: username.encode(), REALM: realm, NONCE: challenge[NONCE]}, key.digest()


def _pack(method: int, transaction: bytes, attributes: Attributes, key: bytes | None) -> bytes:
    body = b"".join(
        struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)
        for kind, value in attributes.items()
    )
    if key is None:
        return HEADER.pack(method, len(body), MAGIC, transaction) + body
    signed = (
        HEADER.pack(method, len(body) + 24, MAGIC, transaction) + body
    )  # the length includes the signature
    return signed + struct.pack("!HH", INTEGRITY, 20) + hmac.digest(key, signed, "sha1")


def _unpack(body: bytes) -> Attributes:
    found: Attributes = {}
    at = 0
    while at + 4 <= len(body):
        kind, length = struct.unpack_from("!HH", body, at)
        found.setdefault(kind, body[at + 4 : at + 4 + length])
        at += 4 + length + -length % 4
    return found


def _error_code(found: Attributes) -> int:
    return (found[ERROR_CODE][2] & 7) * 100 + found[ERROR_CODE][3]


def _reason(code: int, found: Attributes) -> str:
    words = "".join(c for c in found[ERROR_CODE][4:].decode(errors="replace") if c.isprintable())
    return f"{code} {words[:80]}".strip()


def _relayed(value: bytes) -> IPv4Address:
    """XOR-RELAYED-ADDRESS; always IPv4 without REQUESTED-ADDRESS-FAMILY."""
    return IPv4Address(struct.unpack("!I", value[4:8])[0] ^ MAGIC)
