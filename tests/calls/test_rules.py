"""Tests of the polite peer and of TURN credentials."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from events.calls import rules
from events.core.network.turn_credential import turn_credential

START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def test_exactly_one_peer_is_polite() -> None:
    assert rules.is_polite("aaa", "bbb")
    assert not rules.is_polite("bbb", "aaa")


def test_the_relay_credential_is_what_the_relay_computes() -> None:
    expires_at = datetime.fromtimestamp(1_433_895_918, UTC)
    username, credential = turn_credential("north", "stay", expires_at)
    assert username == "1433895918:stay"
    inner = hashlib.sha1(bytes(0x36 ^ byte for byte in b"north".ljust(64, b"\0")) + username.encode())  # noqa: S324 - the formula of RFC 2104, written out
    outer = hashlib.sha1(bytes(0x5C ^ byte for byte in b"north".ljust(64, b"\0")) + inner.digest())  # noqa: S324 - the same
    assert base64.b64decode(credential) == outer.digest()


def test_the_relay_credential_of_a_known_vector() -> None:
    # RFC 2202, case 2: key "Jefe", data "what do ya want for nothing?".
    digest = hmac.digest(b"Jefe", b"what do ya want for nothing?", "sha1")
    assert digest.hex() == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"


def test_a_credential_outlives_the_coffee_by_a_quarter() -> None:
    ends_at = START + timedelta(minutes=30)
    assert rules.expiry_of(ends_at, START) == ends_at + timedelta(minutes=15)


def test_a_late_caller_gets_a_turn_credential_that_lasts_the_call() -> None:
    late = START + timedelta(minutes=70)
    assert rules.expiry_of(START + timedelta(minutes=30), late) == late + timedelta(minutes=15)


def test_without_servers_there_are_none() -> None:
    assert rules.ice_servers([], ["turn:relay.example"], None, "x", START) == []


def test_stun_needs_no_credential_and_turn_has_one() -> None:
    stun, turn = rules.ice_servers(["stun:s.example"], ["turn:t.example"], "secret", "x", START)
    assert stun == {"urls": ["stun:s.example"]}
    assert turn["urls"] == ["turn:t.example"]
    assert turn["username"] == f"{int(START.timestamp())}:x"


def test_urls_are_separated_by_commas_or_spaces() -> None:
    assert rules.split_urls("stun:a, stun:b stun:c") == ["stun:a", "stun:b", "stun:c"]
