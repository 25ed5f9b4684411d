"""SSRF-safe HTTP client, the only one for URLs that users enter: public addresses only, bounded in
size and time.

The host is resolved once, every address must be public, and the connection goes to a checked IP, so
DNS rebinding has no effect. Redirects are checked in the same way. Errors are codes without the
URL, which may be a secret.
"""

import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urljoin, urlsplit

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from events.core.db.session import assert_no_transaction

MAX_BYTES = 2 * 1024 * 1024  # as received, and again once decompressed
MAX_REDIRECTS = 3
MAX_ADDRESS_LENGTH = 2000
TOTAL_TIMEOUT_SECONDS = 20.0  # of the whole fetch, redirects included
READ_TIMEOUT_SECONDS = 8.0
CHUNK_BYTES = 64 * 1024
REDIRECTS = {301, 302, 303, 307, 308}
PORTS = {"http": 80, "https": 443}
HEADERS = {
    "User-Agent": "Ontmoet (reads calendars for its members)",
    "Accept": "text/calendar, */*;q=0.1",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}
_PLAIN = re.compile(r"[\x21-\x7e]+")
# `ipaddress` calls these global, but they are NAT64, 6to4, Teredo and site-local prefixes (RFC 6052, 3056,
# 4380, 3879) that can reach internal hosts.
_INTERNAL = "192.0.0.0/24 64:ff9b::/96 64:ff9b:1::/48 2002::/16 2001::/32 192.88.99.0/24 fec0::/10"
_INTERNAL_PREFIXES = tuple(map(ipaddress.ip_network, _INTERNAL.split()))

Resolve = Callable[[str, int], list[str]]
HostOverrides = Mapping[str, tuple[str, int]]


class FetchFailed(Exception):
    """A failed fetch; `code` names the reason, without the URL."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Target:
    """A parsed URL."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """Value of the Host header: with the port only if it is not the scheme's default."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def look_up(host: str, port: int) -> list[str]:
    """All addresses of a host from the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for _family, _kind, _protocol, _name, address in found]


def fetch(
    address: str,
    *,
    resolve: Resolve = look_up,
    host_overrides: HostOverrides | None = None,
    patience: float = TOTAL_TIMEOUT_SECONDS,
    most: int = MAX_BYTES,
) -> bytes:
    """Fetch a URL and return its decompressed content. Raises FetchFailed. Never inside a unit of
    work.

    `host_overrides` maps host names of tests and trials to (address, port).
    """
    assert_no_transaction("fetching")
    deadline = time.monotonic() + patience
    for _hop in range(MAX_REDIRECTS + 1):
        target = read_address(address)
        place = (host_overrides or {}).get(target.host) or (_checked(target, resolve), target.port)
        with _get(target, place, deadline) as response:
            if response.status not in REDIRECTS:
                return _content(response, deadline, most)
            onward = response.headers.get("Location", "")
        if target.scheme == "https" and urlsplit(urljoin(address, onward)).scheme != "https":
            raise FetchFailed(
                "address_unusable"
            )  # a redirect to plain HTTP would send the secret URL unencrypted
        address = urljoin(address, onward)
    raise FetchFailed("too_many_redirects")


def read_address(address: str) -> Target:
    """Parse an http(s) URL on a default port; refuses whatever two parsers could read differently.
    Raises FetchFailed.
    """
    if len(address) > MAX_ADDRESS_LENGTH or not _PLAIN.fullmatch(address) or "\\" in address:
        raise FetchFailed("address_unusable")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise FetchFailed("address_unusable") from None
    usual = PORTS.get(parts.scheme)
    host = (parts.hostname or "").rstrip(".")
    if usual is not None and port not in {None, *PORTS.values()}:
        raise FetchFailed("address_port")
    if usual is None or not host or set("@%") & set(parts.netloc):
        raise FetchFailed("address_unusable")
    query = f"?{parts.query}" if parts.query else ""
    return Target(parts.scheme, host, port or usual, (parts.path or "/") + query)


def is_public(address: str) -> bool:
    """Whether an IP address is reachable on the public internet; IPv4-mapped IPv6 is unmapped
    first.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    odd = ip.is_private or ip.is_reserved or ip.is_multicast or ip.is_unspecified or ip.is_loopback
    return (
        ip.is_global
        and not odd
        and not any(ip in net for net in _INTERNAL_PREFIXES if net.version == ip.version)
    )


def _checked(target: Target, resolve: Resolve) -> str:
    """Resolve to the one address to connect to. One internal address among public ones refuses all."""
    try:
        found = resolve(target.host, target.port)
    except (OSError, UnicodeError):
        raise FetchFailed("host_unknown") from None
    # The same code for both: a different one would reveal which internal names exist.
    if not found or not all(is_public(address) for address in found):
        raise FetchFailed("host_unknown")
    return found[0]


@contextmanager
def _get(target: Target, place: tuple[str, int], deadline: float) -> Iterator[BaseHTTPResponse]:
    """GET over our own socket, which is shut down at the deadline whatever the server does."""
    cut = threading.Event()
    try:
        with _socket(target, place, deadline, cut) as opened, ExitStack() as closed_after:
            connection = closed_after.enter_context(
                closing(HTTPConnection(target.host, target.port, timeout=READ_TIMEOUT_SECONDS))
            )
            connection.sock = opened
            headers = {"Host": target.host_header, **HEADERS}
            connection.request(
                "GET", target.path, headers=headers, preload_content=False, decode_content=False
            )
            yield closed_after.enter_context(closing(connection.getresponse()))
    except (OSError, HTTPError, HTTPException, ValueError) as trouble:
        late = cut.is_set() or isinstance(trouble, TimeoutError) or time.monotonic() >= deadline
        raise FetchFailed("too_slow" if late else "unreachable") from None


@contextmanager
def _socket(
    target: Target, place: tuple[str, int], deadline: float, cut: threading.Event
) -> Iterator[socket.socket]:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    opened = socket.create_connection(place, timeout=min(READ_TIMEOUT_SECONDS, left))
    held = [opened]

    def stop() -> None:
        cut.set()
        with suppress(OSError):
            held[0].shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(deadline - time.monotonic(), stop)
    watch.daemon = True
    watch.start()
    try:
        if target.scheme == "https":
            held[0] = ssl.create_default_context().wrap_socket(
                opened, server_hostname=target.host, do_handshake_on_connect=False
            )
            held[0].do_handshake()  # type: ignore[attr-defined]  # an SSLSocket by now
        yield held[0]
    finally:
        watch.cancel()
        held[0].close()


def _content(response: BaseHTTPResponse, deadline: float, most: int) -> bytes:
    if response.status != 200:
        raise FetchFailed(_why(response.status))
    packed = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packed not in {"identity", "gzip", "x-gzip"}:
        raise FetchFailed("unreachable")
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if packed != "identity" else None
    content, received = bytearray(), 0
    for part in response.stream(CHUNK_BYTES, decode_content=False):
        received += len(part)
        content += part if unpack is None else _unpacked(unpack, part, most + 1 - len(content))
        if received > most or len(content) > most:
            raise FetchFailed("too_large")
    if time.monotonic() >= deadline:  # a socket that was shut down reads as a normal end
        raise FetchFailed("too_slow")
    if unpack is not None and not unpack.eof:
        raise FetchFailed("unreachable")
    return bytes(content)


def _unpacked(unpack: "zlib._Decompress", part: bytes, most: int) -> bytes:
    """Decompress at most `most` bytes, so that a zip bomb stays within the limit."""
    try:
        return unpack.decompress(part, most)
    except zlib.error:
        raise FetchFailed("unreachable") from None


def _why(status: int) -> str:
    if status in {401, 403, 407}:
        return "no_access"
    if status in {404, 410}:
        return "nothing_there"
    return "server_trouble"
