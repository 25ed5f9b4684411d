"""Who gives way in a negotiation, and the ICE servers that a browser is given."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from events.core.network.turn_credential import turn_credential

CREDENTIAL_GRACE = timedelta(minutes=15)  # how long a relay credential outlives the coffee
NOTIFY_ABSENT_AFTER = timedelta(minutes=3)  # then who is not there yet is told that someone waits
OFFER_ALTERNATIVE_AFTER = timedelta(minutes=7)  # then who waits may do something else
MAX_CHECK_DELAY = timedelta(minutes=2)  # seen so late, something was wrong with us, and nobody is looked for
MAX_CANDIDATES = 64  # of one browser in one epoch; an ordinary call needs fewer than twenty

PROBE_FROM = timedelta(days=1)  # before a coffee: from when on a relay may be tried

_CANDIDATE = re.compile(r"\s*(?:a=)?\s*candidate", re.I)
_RELAYED = re.compile(r"(?:a=)?candidate:\S+ \d+ \S+ \d+ \S+ \d+ typ relay(?: .*)?")
_RELATED = re.compile(r" raddr \S+ rport \d+")

IceServer = dict[str, str | list[str]]


def is_polite(user_id: str, peer_id: str) -> bool:
    """Which of two offers that cross gives way: that of the lower id, the same on both sides."""
    return user_id < peer_id


def may_probe_relay(state: str, starts_at: datetime, moment: datetime) -> bool:
    """Whether a relay credential may be given out in the check room: a coffee that stands, within a day."""
    return state == "confirmed" and starts_at - PROBE_FROM <= moment <= starts_at + PROBE_FROM


def no_show_check_times(starts_at: datetime) -> tuple[datetime, datetime]:
    """When a call is looked at for who has not come."""
    return starts_at + NOTIFY_ABSENT_AFTER, starts_at + OFFER_ALTERNATIVE_AFTER


def expiry_of(ends_at: datetime, moment: datetime) -> datetime:
    """Until when a relay credential holds: 15 minutes past the end, or from now when late."""
    return max(ends_at, moment) + CREDENTIAL_GRACE


def relay_candidates(lines: str) -> str | None:
    """A candidate or a description that names relays alone; None when it names any other address.

    The address that asked for a relay may stand behind it (`raddr`): it is blanked, as RFC 8829 allows.
    """
    found = [line for line in re.split(r"[\r\n]", lines) if _CANDIDATE.match(line)]
    if not all(_RELAYED.fullmatch(line) for line in found):
        return None
    return _RELATED.sub(" raddr 0.0.0.0 rport 9", lines)


def ice_servers(
    stun_urls: Sequence[str], turn_urls: Sequence[str], secret: str | None, opaque: str, expires_at: datetime
) -> list[IceServer]:
    """What a browser's RTCPeerConnection wants; empty when nothing is configured."""
    servers: list[IceServer] = []
    if stun_urls:
        servers.append({"urls": list(stun_urls)})
    if turn_urls and secret:
        username, credential = turn_credential(secret, opaque, expires_at)
        servers.append({"urls": list(turn_urls), "username": username, "credential": credential})
    return servers


def split_urls(setting: str) -> list[str]:
    """The addresses of a setting, which may stand apart by commas or spaces."""
    return setting.replace(",", " ").split()
