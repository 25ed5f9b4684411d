"""Pure rules of calls: perfect negotiation (polite peer), relay filtering and ICE servers."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from events.coffees.rules import CALL_CLOSES
from events.core.network.turn_credential import turn_credential

CREDENTIAL_GRACE = timedelta(minutes=15)  # validity of a relay credential after the coffee
NOTIFY_ABSENT_AFTER = timedelta(minutes=3)  # after the start
OFFER_ALTERNATIVE_AFTER = timedelta(minutes=7)  # after the start
MAX_CHECK_DELAY = timedelta(minutes=2)  # later than this the outage was ours
EVIDENT_AFTER = timedelta(minutes=10)  # together in the call: the coffee took place
MAX_CANDIDATES = 64  # per browser and epoch; an ordinary call needs fewer than twenty

TECHNICAL_RETENTION = timedelta(days=90)

# Family by its mark in a User-Agent header; the first that is found, since most name others too.
BROWSERS = (
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("OPR/", "Opera"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),  # Safari carries its version behind this mark
)
_IN_APPS = ("LinkedInApp", "FBAN", "FBAV", "Instagram", "; wv)")
_MAJOR = re.compile(r"\d{1,3}")

PROBE_FROM = timedelta(days=1)  # before and after the start

_CANDIDATE = re.compile(r"\s*(?:a=)?\s*candidate", re.I)
_RELAYED = re.compile(r"(?:a=)?candidate:\S+ \d+ \S+ \d+ \S+ \d+ typ relay(?: .*)?")
_RELATED = re.compile(r" raddr \S+ rport \d+")

IceServer = dict[str, str | list[str]]


def is_polite(user_id: str, peer_id: str) -> bool:
    """Polite peer of WebRTC perfect negotiation: the lower id, the same on both sides."""
    return user_id < peer_id


def may_probe_relay(state: str, starts_at: datetime, moment: datetime) -> bool:
    """Relay credentials in the device check: confirmed coffees, within PROBE_FROM."""
    return state == "confirmed" and starts_at - PROBE_FROM <= moment <= starts_at + PROBE_FROM


def weighed_at(ends_at: datetime) -> datetime:
    """Once nobody can join any more."""
    return ends_at + CALL_CLOSES


def no_show_check_times(starts_at: datetime) -> tuple[datetime, datetime]:
    return starts_at + NOTIFY_ABSENT_AFTER, starts_at + OFFER_ALTERNATIVE_AFTER


def expiry_of(ends_at: datetime, moment: datetime) -> datetime:
    """End of a relay credential: CREDENTIAL_GRACE after the end, or after now if that is later."""
    return max(ends_at, moment) + CREDENTIAL_GRACE


def relay_candidates(lines: str) -> str | None:
    """SDP or candidate with relay candidates only; None when it contains any other address.

    The related address (`raddr`), which may reveal the host, is blanked as RFC 8829 allows.
    """
    found = [line for line in re.split(r"[\r\n]", lines) if _CANDIDATE.match(line)]
    if not all(_RELAYED.fullmatch(line) for line in found):
        return None
    return _RELATED.sub(" raddr 0.0.0.0 rport 9", lines)


def ice_servers(
    stun_urls: Sequence[str], turn_urls: Sequence[str], secret: str | None, opaque: str, expires_at: datetime
) -> list[IceServer]:
    """`iceServers` of an RTCPeerConnection; empty without configuration."""
    servers: list[IceServer] = []
    if stun_urls:
        servers.append({"urls": list(stun_urls)})
    if turn_urls and secret:
        username, credential = turn_credential(secret, opaque, expires_at)
        servers.append({"urls": list(turn_urls), "username": username, "credential": credential})
    return servers


def split_urls(setting: str) -> list[str]:
    """Separated by commas or spaces."""
    return setting.replace(",", " ").split()


def together(presence: Sequence[Sequence[tuple[datetime, datetime]]]) -> timedelta:
    """How long everyone was present at once; `presence`: each person's stays, which may overlap."""
    if len(presence) < 2 or not all(presence):
        return timedelta()
    edges = sorted({moment for stays in presence for stay in stays for moment in stay})
    shared = timedelta()
    for start, end in pairwise(edges):
        if all(any(entered <= start and end <= left for entered, left in stays) for stays in presence):
            shared += end - start
    return shared


def parse_browser(agent: str) -> tuple[str, int | None]:
    """Family and major version of a User-Agent header; nothing else of it is kept.

    Browsers inside other apps are one family, everything unknown another.
    """
    if any(mark in agent for mark in _IN_APPS):
        return "in_app", None
    for mark, family in BROWSERS:
        _, found, rest = agent.partition(mark)
        if found and (family != "Safari" or "Safari/" in agent):
            version = _MAJOR.match(rest)
            return family, int(version[0]) if version else None
    return "other", None
