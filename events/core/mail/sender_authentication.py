"""Sender authentication by Authentication-Results (RFC 8601): DMARC verdicts of our own mail
server; fails closed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from authres import AuthenticationResultsHeader

MAX_HEADERS = 10
MAX_HEADER_LENGTH = 4000


@dataclass(frozen=True)
class Verdict:
    """One DMARC result: authserv-id, result, and the domain of From if named."""

    server: str
    result: str
    domain: str


def read_verdicts(values: Iterable[str]) -> list[Verdict]:
    """DMARC results of these headers, topmost first. A malformed header counts as unreadable, even
    beside good ones: a sender can break the header our server wrote, which quotes MAIL FROM.
    """
    found = []
    for value in list(values)[:MAX_HEADERS]:
        parsed = _parse(value)
        results = parsed.results if parsed is not None else []
        verdicts = [one for one in results if one.method.lower() == "dmarc"]
        for one in verdicts:
            named = [p.value for p in one.properties if (p.type, p.name.lower()) == ("header", "from")]
            domain = named[0].rpartition("@")[2].lower() if named else ""
            found.append(Verdict(parsed.authserv_id.lower(), one.result.lower(), domain))
        if parsed is None or (
            not verdicts and "dmarc" in value.lower()
        ):  # an unclosed comment hides the rest
            found.append(Verdict(_named(value), "unreadable", ""))
    return found


def is_proven(verdicts: Iterable[Verdict], server: str | None, sender: str) -> bool:
    """Whether our own mail server reports DMARC pass for the sender's domain, and nothing else.

    Anybody can write such a header; a trusted server removes those that arrive under its own name
    (RFC 8601, section 5). Without a configured authserv-id nothing is proven.
    """
    ours = [one for one in verdicts if server and one.server == server.lower()]
    domain = sender.rpartition("@")[2].lower()
    return bool(ours) and all(one.result == "pass" and one.domain in {"", domain} for one in ours)


def is_forged(verdicts: Iterable[Verdict], server: str | None) -> bool:
    """Whether DMARC failed by our server's verdict, or by any verdict if no server is configured."""
    return any(one.result == "fail" for one in verdicts if not server or one.server == server.lower())


def _named(value: str) -> str:
    """The authserv-id at the front of a header."""
    return (value.partition(";")[0].split() or [""])[0].lower()


def _parse(value: str) -> Any:
    try:
        return AuthenticationResultsHeader.parse(f"Authentication-Results: {value[:MAX_HEADER_LENGTH]}")
    except Exception:  # untrusted input, and the parser raises many types
        return None
