"""Client networks: all addresses of one network are counted as one."""

import pytest

from events.core.network.client_network import UNKNOWN, network_of, site_of


@pytest.mark.parametrize(
    ("address", "network", "site"),
    [
        ("203.0.113.7", "203.0.113.7", None),
        ("203.0.113.7:4711", "203.0.113.7", None),
        (" 203.0.113.7 ", "203.0.113.7", None),
        ("::ffff:203.0.113.7", "203.0.113.7", None),
        ("::FFFF:CB00:7107", "203.0.113.7", None),
        ("2001:db8:5:6::1", "2001:db8:5:6::/64", "2001:db8:5::/48"),
        ("2001:DB8:5:6:ffff:ffff:ffff:ffff", "2001:db8:5:6::/64", "2001:db8:5::/48"),
        ("2001:db8:5:7::1", "2001:db8:5:7::/64", "2001:db8:5::/48"),
        ("[2001:db8:5:6::1]:443", "2001:db8:5:6::/64", "2001:db8:5::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("::1", "::/64", "::/48"),
        ("", UNKNOWN, None),
        ("unknown", UNKNOWN, None),
        ("203.0.113.7, 198.51.100.2", UNKNOWN, None),
    ],
)
def test_an_address_counts_as_its_network(address: str, network: str, site: str | None) -> None:
    assert (network_of(address), site_of(address)) == (network, site)
