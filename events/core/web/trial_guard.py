"""Guard of development mode: WSGI middleware that serves requests from this machine only.

Development has a public secret and accounts with a published password. Behind a proxy without
PUBLIC_URL, other hosts and addresses arrive, and get only a hint to set it.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from events.core.config import LOOPBACK_HOSTS
from events.core.web.security_headers import BARE_HEADERS

_SAID = b"This is a trial of Ontmoet for its own machine. Set PUBLIC_URL to the address that people use.\n"
_FORWARDED_FOR = re.compile(r"for=\"?(\[[^\]]+\]|[^;,\"\s]+)", re.IGNORECASE)


class TrialGuard:
    """Refuses (403) requests that do not originate from this machine."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if comes_from_elsewhere(environ):
            headers = [("Content-Type", "text/plain"), ("Cache-Control", "no-store"), *BARE_HEADERS]
            start_response("403 Forbidden", headers)
            return [_SAID]
        return self._app(environ, start_response)


def comes_from_elsewhere(environ: WSGIEnvironment) -> bool:
    names = [environ.get("HTTP_HOST", "localhost"), *_listed(environ, "HTTP_X_FORWARDED_HOST")]
    callers = [
        *_listed(environ, "HTTP_X_FORWARDED_FOR"),
        *_listed(environ, "HTTP_X_REAL_IP"),
        *_FORWARDED_FOR.findall(environ.get("HTTP_FORWARDED", "")),
    ]
    return not all(map(_is_name_of_ours, names)) or not all(map(_is_loopback, callers))


def _listed(environ: WSGIEnvironment, header: str) -> list[str]:
    return [one.strip() for one in environ.get(header, "").split(",") if one.strip()]


def _is_name_of_ours(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in LOOPBACK_HOSTS
    except ValueError:
        return False


def _is_loopback(caller: str) -> bool:
    try:
        return ip_address(caller.strip("[]")).is_loopback
    except ValueError:
        return caller.partition(":")[0] in LOOPBACK_HOSTS
