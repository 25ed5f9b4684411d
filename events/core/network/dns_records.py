"""Text records of a domain, asked of the name servers of this machine; for the doctor alone."""

from dns.exception import DNSException
from dns.nameserver import Do53Nameserver
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from events.core.db.session import assert_no_transaction

TIMEOUT = 3  # seconds for one server
TOTAL_TIMEOUT_SECONDS = 9  # seconds for all of them


class Unanswered(OSError):
    """No name server answered, or with an error; that a name has no text is an answer."""


def find_texts(name: str, *, servers: list[tuple[str, int]] | None = None) -> list[str]:
    """The text records of a name, each joined from its pieces; empty when there are none."""
    assert_no_transaction("asking a name server")
    try:
        found = _resolver(servers).resolve(name, "TXT", search=False, lifetime=TOTAL_TIMEOUT_SECONDS)
    except (NXDOMAIN, NoAnswer):
        return []
    except DNSException as trouble:
        raise Unanswered(f"no name server told about {name}") from trouble
    return [b"".join(record.strings).decode("utf-8", "replace") for record in found]


def _resolver(servers: list[tuple[str, int]] | None) -> Resolver:
    resolver = Resolver(configure=servers is None)
    resolver.timeout = TIMEOUT
    if servers is not None:
        resolver.nameservers = [Do53Nameserver(address, port) for address, port in servers]
    return resolver
