"""Client network: the part of an address that one subscriber holds, which every limit per address counts by.

The only place that reads `remote_addr`: a provider hands out a whole /64 of IPv6 at least, often a /48, so
that counting single addresses would count nothing.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from flask import has_request_context, request

UNKNOWN = "unknown"  # one bucket for all whose address cannot be read
SUBSCRIBER = 64  # bits of IPv6: the smallest network that anybody gets
SITE = 48  # bits of IPv6: the largest that is handed out without asking
SITE_FACTOR = 4  # as many times the rate of one network pass for a whole site


def current_network() -> str:
    return network_of(current_address())


def current_address() -> str:
    """As the connection or the one trusted proxy says it; "" outside of a request."""
    return (request.remote_addr or "") if has_request_context() else ""


def address_in(environ: dict[str, Any]) -> str:
    """The same for WSGI middleware, which runs before there is a request."""
    return str(environ.get("REMOTE_ADDR", ""))


def network_of(address: str) -> str:
    """An IPv4 address as it is (also one mapped into IPv6), the /64 of an IPv6 address."""
    parsed = _parse(address)
    if parsed is None:
        return UNKNOWN
    return str(parsed) if isinstance(parsed, IPv4Address) else _network(parsed, SUBSCRIBER)


def site_of(address: str) -> str | None:
    """The /48 around an IPv6 address; None for IPv4, where the address is all there is."""
    parsed = _parse(address)
    return _network(parsed, SITE) if isinstance(parsed, IPv6Address) else None


def _parse(address: str) -> IPv4Address | IPv6Address | None:
    """Also with the port or the zone that some proxies leave on it."""
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
