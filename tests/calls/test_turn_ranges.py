"""Tests of the example TURN configuration: internal networks are denied in every address form."""

from ipaddress import ip_address
from pathlib import Path

import pytest

CONF = Path(__file__).resolve().parents[2] / "deploy" / "coturn.conf"
DENIED = [
    [ip_address(end) for end in line.strip().partition("=")[2].split("-")]
    for line in CONF.read_text().splitlines()
    if line.startswith("denied-peer-ip=")
]


def is_denied(address: str) -> bool:
    peer = ip_address(address)
    return any(ends[0].version == peer.version and ends[0] <= peer <= ends[-1] for ends in DENIED)  # type: ignore[operator]  # of one version


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("::1", "::ffff:127.0.0.1", "::ffff:10.1.2.3", "64:ff9b::a01:203", "2002:a01:203::1", "2001::1"),
        *("0.1.2.3", "fd00::1", "fe80::1", "fec0::1"),
    ],
)
def test_an_inner_address_is_denied(address: str) -> None:
    assert is_denied(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "172.32.0.1"])
def test_callers_outside_are_reached(address: str) -> None:
    assert not is_denied(address)
