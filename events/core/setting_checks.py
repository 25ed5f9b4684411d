"""Validators of settings: one sentence without a secret in it for each unusable value."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.headerregistry import Address
from urllib.parse import SplitResult, urlsplit

from sentry_sdk.utils import BadDsn, Dsn
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

DATABASE_FORM = "DATABASE_URL must look like postgresql+psycopg://user:password@host/name."
ESCAPE = "Signs other than letters and digits in a name or password are written as %40 and the like."
MIN_SECRET_CHARACTERS = 32
MIN_SECRET_BITS = 90
MIN_DIFFERENT_TRIPLES = 24  # a repeated word has few distinct trigrams
MAX_PORT = 65_535


def public_url_fault(value: str) -> str | None:
    parts = _split(value)
    if parts is None or parts.scheme not in {"http", "https"} or not _is_host(parts.hostname):
        return "PUBLIC_URL must look like https://ontmoet.example."
    if parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc:
        return "PUBLIC_URL must be a bare address such as https://ontmoet.example, without a path after it."
    return None


def database_fault(value: str) -> str | None:
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        return f"{DATABASE_FORM} {ESCAPE}"
    if url.drivername == "sqlite":
        return None if url.database and url.database != ":memory:" else "DATABASE_URL must name a file."
    if url.drivername != "postgresql+psycopg":
        return "DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://."
    return _postgres_fault(url)


def _postgres_fault(url: URL) -> str | None:
    if not url.database:
        return "DATABASE_URL names no database: it ends in /name."
    if url.port is not None and not 0 < url.port <= MAX_PORT:
        return "The port in DATABASE_URL is no port."
    if url.host and not _is_host(url.host):
        return f"DATABASE_URL names no host that can exist. {ESCAPE}"
    return None


def redis_fault(value: str) -> str | None:
    parts = _split(value)
    if parts is not None and parts.scheme == "unix" and parts.path:
        return None
    if parts is None or parts.scheme not in {"redis", "rediss"} or not _is_host(parts.hostname):
        return f"REDIS_URL must look like redis://host:6379/0. {ESCAPE}"
    if not re.fullmatch(r"/?\d*", parts.path):
        return "REDIS_URL must end in the number of a database, as in redis://host:6379/0."
    return None


def mail_fault(value: str) -> str | None:
    parts = _split(value)
    if parts is None or parts.scheme not in {"smtp", "smtps"} or not _is_host(parts.hostname):
        return f"MAIL_URL must look like smtp://user:password@host:587, or smtps:// for port 465. {ESCAPE}"
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        return f"MAIL_URL must end after the host and its port. {ESCAPE}"
    if bool(parts.username) != bool(parts.password):
        return "MAIL_URL must hold both a name and a password, or neither."
    return None


def imap_fault(value: str) -> str | None:
    parts = _split(value)
    sound = parts is not None and parts.scheme in {"imap", "imaps"} and _is_host(parts.hostname)
    if not sound or parts is None or not (parts.username and parts.password):
        return f"REPLY_IMAP_URL must look like imaps://user:password@host. {ESCAPE}"
    return None


def sender_fault(value: str) -> str | None:
    try:
        address = Address(addr_spec=value)
        sound = bool(address.username) and _is_host(address.domain) and value.isascii()
    except (HeaderParseError, ValueError, IndexError):
        sound = False
    return None if sound else "MAIL_FROM must be an address alone, such as koffie@ontmoet.example."


def sentry_fault(value: str) -> str | None:
    try:
        Dsn(value)
    except (BadDsn, ValueError):
        return "SENTRY_DSN must look like https://key@host/number."
    return None


def servers_fault(name: str, value: str, schemes: set[str]) -> str | None:
    """Check a comma-separated list of STUN or TURN URLs."""
    for url in filter(None, (part.strip() for part in value.split(","))):
        scheme, _, rest = url.partition(":")
        host = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^:?/@\s]+)(:\d{1,5})?(\?transport=(udp|tcp))?", rest)
        if scheme not in schemes or host is None:
            return f"{name} must hold addresses such as {min(schemes)}:host:3478, separated by commas."
    return None


def detours_fault(value: str) -> str | None:
    pairs = [pair.strip() for pair in value.split(",") if pair.strip()]
    if all(re.fullmatch(r"[^=\s]+=[^=\s]+:\d{1,5}", pair) for pair in pairs):
        return None
    return "FETCH_DETOURS must hold pairs such as name=127.0.0.1:8080, separated by commas."


def is_guessable(secret: str) -> bool:
    """Whether a secret is short or has little entropy, such as one word repeated."""
    if len(secret) < MIN_SECRET_CHARACTERS:
        return True
    shares = [count / len(secret) for count in Counter(secret).values()]
    bits = -sum(share * math.log2(share) for share in shares) * len(secret)
    triples = {secret[place : place + 3] for place in range(len(secret) - 2)}
    return bits < MIN_SECRET_BITS or len(triples) < MIN_DIFFERENT_TRIPLES


def faults_of_addresses(values: dict[str, str | None]) -> Iterator[str]:
    """Faults of all settings that hold a URL or an address. Keys are environment names, None is
    unset.
    """
    checks = {
        "DATABASE_URL": database_fault,
        "REDIS_URL": redis_fault,
        "MAIL_URL": mail_fault,
        "MAIL_FROM": sender_fault,
        "REPLY_IMAP_URL": imap_fault,
        "SENTRY_DSN": sentry_fault,
        "TURN_URLS": lambda value: servers_fault("TURN_URLS", value, {"turn", "turns"}),
        "STUN_URLS": lambda value: servers_fault("STUN_URLS", value, {"stun", "stuns"}),
        "FETCH_DETOURS": detours_fault,
    }
    for name, check in checks.items():
        value = values[name]
        fault = check(value) if value is not None else None
        if fault is not None:
            yield fault


def _split(value: str) -> SplitResult | None:
    """Parts of a URL; None when it cannot be parsed or its port is invalid."""
    if re.search(r"\s", value):
        return None
    try:
        parts = urlsplit(value)
        return None if parts.port == 0 else parts
    except ValueError:
        return None


def _is_host(name: str | None) -> bool:
    return name is not None and re.fullmatch(r"[A-Za-z0-9._:-]+", name) is not None
