"""Client network of an IP address (IPv4 address or IPv6 /64), which rate limits per address count
by.

The only module that reads `remote_addr`. A provider assigns a subscriber at least an IPv6 /64,
often a /48, so counting single addresses would limit nothing.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from flask import has_request_context, request

UNKNOWN = "unknown"  # one bucket for all unparseable addresses
SUBSCRIBER_BITS = 64  # IPv6 prefix: the smallest network assigned to a subscriber
SITE_BITS = 48  # IPv6 prefix: the largest assigned without justification (RFC 6177)
SITE_FACTOR = 4  # a site may do this many times what one network may


def current_network() -> str:
    return network_of(current_address())


def current_address() -> str:
    """Address of the client as the connection or the trusted proxy gives it; "" outside a request."""
    return (request.remote_addr or "") if has_request_context() else ""


def address_in(environ: dict[str, Any]) -> str:
    """Address of the client in a WSGI environ, for middleware."""
    return str(environ.get("REMOTE_ADDR", ""))


def network_of(address: str) -> str:
    """The IPv4 address itself (also when mapped into IPv6), or the /64 of an IPv6 address."""
    parsed = _parse(address)
    if parsed is None:
        return UNKNOWN
    return str(parsed) if isinstance(parsed, IPv4Address) else _network(parsed, SUBSCRIBER_BITS)


def site_of(address: str) -> str | None:
    """The /48 of an IPv6 address; None for IPv4."""
    parsed = _parse(address)
    return _network(parsed, SITE_BITS) if isinstance(parsed, IPv6Address) else None


def _parse(address: str) -> IPv4Address | IPv6Address | None:
    """Accepts a port or a zone, which some proxies append."""
    text = address.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed


def _network(address: IPv6Address, bits: int) -> str:
    return str(IPv6Network((int(address), bits), strict=False))
