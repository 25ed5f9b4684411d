"""Secrets: derived the same each time, opened by nobody else's row, rotated without breaking mails."""

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
