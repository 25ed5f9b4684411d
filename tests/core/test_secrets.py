"""Secrets: derived the same each time, opened by nobody else's row, rotated without breaking mails."""

import base64

import pytest

from events.core import secrets
from events.core.db import OutsideWorkInUnit, unit_of_work


def test_a_derived_secret_fits_its_row_only() -> None:
    secret = secrets.derive("coffee", "row", "nonce")
    assert secret == secrets.derive("coffee", "row", "nonce")
    assert secrets.is_derived("coffee", "row", "nonce", secret)
    for kind, row, nonce in (
        ("livestream", "row", "nonce"),
        ("coffee", "other", "nonce"),
        ("coffee", "row", "n"),
    ):
        assert not secrets.is_derived(kind, row, nonce, secret)


def test_a_mail_sent_before_the_secret_changed_still_opens() -> None:
    known = list(secrets._keys)
    try:
        secrets.configure("old")
        mailed = secrets.derive("coffee", "row", "nonce")
        secrets.configure("new", "old")
        assert secrets.is_derived("coffee", "row", "nonce", mailed)
        secrets.configure("new")
        assert not secrets.is_derived("coffee", "row", "nonce", mailed)
    finally:
        secrets._keys[:] = known


def test_a_password_fits_itself_and_nothing_else() -> None:
    hashed = secrets.hash_password("koffie-koffie")
    assert secrets.verify_password(hashed, "koffie-koffie")
    assert not secrets.verify_password(hashed, "koffie")
    assert not secrets.verify_password(None, "koffie-koffie")


def test_hashing_never_waits_inside_a_unit_of_work() -> None:
    with pytest.raises(OutsideWorkInUnit), unit_of_work():
        secrets.hash_password("koffie-koffie")


def test_what_is_sealed_opens_here_and_nowhere_else() -> None:
    text = "https://kalender.test/geheim-é.ics" * 9
    sealed = secrets.seal("calendar", text)
    assert secrets.unseal("calendar", sealed) == text
    assert secrets.seal("calendar", text) != sealed
    assert "geheim" not in base64.urlsafe_b64decode(sealed).decode("latin-1")
    for other in ("A" + sealed[1:], sealed[:-2] + "AA", sealed[:50] + "A" + sealed[51:], "", "A" * 120):
        with pytest.raises(ValueError, match=r"sealed|padd"):
            secrets.unseal("calendar", other)
    with pytest.raises(ValueError, match="sealed"):
        secrets.unseal("feed", sealed)


def test_the_previous_key_opens_what_it_sealed() -> None:
    known = list(secrets._keys)
    try:
        secrets.configure("old")
        sealed = secrets.seal("calendar", "a")
        secrets.configure("new", "old")
        assert secrets.unseal("calendar", sealed) == "a"
        secrets.configure("new")
        with pytest.raises(ValueError, match="sealed"):
            secrets.unseal("calendar", sealed)
    finally:
        secrets._keys[:] = known
