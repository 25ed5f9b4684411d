"""DNS lookup of TXT records over the system's name servers, for the doctor."""

from dns.exception import DNSException
from dns.nameserver import Do53Nameserver
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from events.core.db.session import assert_no_transaction

SERVER_TIMEOUT_SECONDS = 3
TOTAL_TIMEOUT_SECONDS = 9


class Unanswered(OSError):
    """No name server answered, or all with an error. An absent record is no such error."""


def find_texts(name: str, *, servers: list[tuple[str, int]] | None = None) -> list[str]:
    """TXT records of a name, each joined from its strings; empty when there are none. Raises
    Unanswered.
    """
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
    resolver.timeout = SERVER_TIMEOUT_SECONDS
    if servers is not None:
        resolver.nameservers = [Do53Nameserver(address, port) for address, port in servers]
    return resolver
