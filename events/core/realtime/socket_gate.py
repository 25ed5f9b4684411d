"""WebSocket admission: WSGI middleware that checks handshakes and bounds open sockets per network.

It runs before Engine.IO, which would keep a client object before it validates the handshake.
"""

import resource
from base64 import b64decode
from binascii import Error
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from events.core import rate_limits
from events.core.errors import TooMany
from events.core.network.client_network import SITE_FACTOR, address_in, network_of, site_of
from events.core.observability import sockets_refused
from events.core.web.request_body import read_no_more
from events.core.web.security_headers import BARE_HEADERS

PATH = "/socket.io/"
MAX_SOCKETS = 18_000  # per process; of gunicorn's 20,000 connections pages need some
OTHER_FILES = 200  # file descriptors for the database, pages and logs
OPEN_RATE = "1200 per minute"  # per network; after a restart a whole office reconnects
RETRY_AFTER_SECONDS = 30
Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
open_by_network: Counter[str] = Counter()


class SocketGate:
    """Counts a socket from its handshake until it closes: both are one call of the WSGI app."""

    def __init__(self, app: App, max_per_network: int | None) -> None:
        self._app = app
        self._max_per_network = max_per_network  # None: unlimited, for load tests
        self._open = 0

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PATH):
            return self._app(environ, start_response)
        if not _is_handshake(environ):
            return _refuse(environ, start_response, "400 Bad Request", "handshake")
        address = address_in(environ)
        network, site = network_of(address), site_of(address)
        if self._open >= min(MAX_SOCKETS, _max_open_files() - OTHER_FILES):
            return _refuse(environ, start_response, "503 Service Unavailable", "full")
        if not self._has_room(network, site) or not _may_open(address):
            return _refuse(environ, start_response, "429 Too Many Requests", "network")
        counted = [network] if site is None else [network, site]
        self._open += 1
        open_by_network.update(counted)
        try:
            return self._app(environ, start_response)
        finally:
            self._open -= 1
            _subtract(counted)
            read_no_more(environ)  # in case Engine.IO refused it

    def _has_room(self, network: str, site: str | None) -> bool:
        most = self._max_per_network
        if most is None:
            return True
        return open_by_network[network] < most and (
            site is None or open_by_network[site] < most * SITE_FACTOR
        )


def _is_handshake(environ: Environ) -> bool:
    """Whether it is a valid opening handshake (RFC 6455, section 4.2.1)."""
    try:
        key = b64decode(environ.get("HTTP_SEC_WEBSOCKET_KEY", ""), validate=True)
    except (Error, ValueError):
        return False
    connection = environ.get("HTTP_CONNECTION", "").lower().split(",")
    return (
        environ["REQUEST_METHOD"] == "GET"
        and environ.get("HTTP_UPGRADE", "").lower() == "websocket"
        and "upgrade" in [word.strip() for word in connection]
        and environ.get("HTTP_SEC_WEBSOCKET_VERSION") == "13"
        and len(key) == 16
    )


def _may_open(address: str) -> bool:
    try:
        rate_limits.hit_network("sockets opened", address, OPEN_RATE, local_only=True)
    except TooMany:
        return False
    return True


def _max_open_files() -> int:
    soft: int = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return soft if soft != resource.RLIM_INFINITY else MAX_SOCKETS + OTHER_FILES


def _subtract(counted: list[str]) -> None:
    """Decrement the counts, and delete those that reach zero."""
    for name in counted:
        open_by_network[name] -= 1
        if not open_by_network[name]:
            del open_by_network[name]


def _refuse(
    environ: Environ, start_response: Callable[..., Any], status: str, reason: str
) -> Iterable[bytes]:
    """Respond and close: a kept-alive connection would hold a file descriptor for half a minute."""
    sockets_refused.labels(reason).inc()
    read_no_more(environ)
    headers = [("Content-Type", "text/plain"), *BARE_HEADERS, ("Connection", "close")]
    if reason == "handshake":
        headers.append(("Sec-WebSocket-Version", "13"))
    else:
        headers.append(("Retry-After", str(RETRY_AFTER_SECONDS)))
    start_response(status, headers)
    return [reason.encode()]
