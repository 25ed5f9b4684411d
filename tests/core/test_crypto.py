"""Cryptography: derived secrets, sealing, password hashing and key rotation."""

import base64
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from events.core.auth import crypto
from events.core.db.session import IOInsideTransaction, unit_of_work


def test_derived_secrets_keep_their_bytes_from_release_to_release() -> None:
    """Links in mails and feed addresses live as long as their rows."""
    known = list(crypto._keys)
    try:
        crypto.configure("k" * 40)
        assert crypto.derive("coffee", "row", "nonce") == "rowGnKXGyXX5m7ZcP6goBPqofx23u77mVdP"
        assert (
            crypto.derive("feed", "row", "nonce", octets=32)
            == "row5Cri0cauKHIk4lKiVeCVqNj9HIo3XeSSVm7lrVBppFI"
        )
    finally:
        crypto._keys[:] = known


def test_a_derived_secret_fits_its_row_only() -> None:
    secret = crypto.derive("coffee", "row", "nonce")
    assert secret == crypto.derive("coffee", "row", "nonce")
    assert crypto.is_derived("coffee", "row", "nonce", secret)
    for kind, row, nonce in (
        ("livestream", "row", "nonce"),
        ("coffee", "other", "nonce"),
        ("coffee", "row", "n"),
    ):
        assert not crypto.is_derived(kind, row, nonce, secret)


def test_a_mail_sent_before_the_secret_changed_still_opens() -> None:
    known = list(crypto._keys)
    try:
        crypto.configure("old")
        mailed = crypto.derive("coffee", "row", "nonce")
        crypto.configure("new", "old")
        assert crypto.is_derived("coffee", "row", "nonce", mailed)
        crypto.configure("new")
        assert not crypto.is_derived("coffee", "row", "nonce", mailed)
    finally:
        crypto._keys[:] = known


@pytest.fixture
def _real_cost() -> Iterator[None]:
    cheap = crypto._hasher
    crypto.use_hasher(PasswordHasher())
    yield
    crypto.use_hasher(cheap)


@pytest.mark.usefixtures("_real_cost")
def test_a_password_fits_itself_and_nothing_else() -> None:
    hashed = crypto.hash_password("koffie-koffie")
    assert "m=65536,t=3" in hashed  # what OWASP asks of Argon2id and more
    assert crypto.verify_password(hashed, "koffie-koffie")
    assert not crypto.verify_password(hashed, "koffie")
    assert not crypto.verify_password(None, "koffie-koffie")


def test_hashing_never_waits_inside_a_unit_of_work() -> None:
    with pytest.raises(IOInsideTransaction), unit_of_work():
        crypto.hash_password("koffie-koffie")


def test_what_is_sealed_opens_here_and_nowhere_else() -> None:
    text = "https://kalender.test/geheim-é.ics" * 9
    sealed = crypto.seal("calendar", text)
    assert crypto.unseal("calendar", sealed) == text
    assert crypto.seal("calendar", text) != sealed
    assert "geheim" not in base64.urlsafe_b64decode(sealed).decode("latin-1")
    raw = base64.urlsafe_b64decode(sealed)
    altered = [raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :] for at in (0, 37, len(raw) - 1)]
    for other in (*(base64.urlsafe_b64encode(each).decode() for each in altered), sealed[:-3], "", "A" * 120):
        with pytest.raises(ValueError, match=r"sealed|padd"):
            crypto.unseal("calendar", other)
    with pytest.raises(ValueError, match="sealed"):
        crypto.unseal("feed", sealed)


def test_the_previous_key_opens_what_it_sealed() -> None:
    known = list(crypto._keys)
    try:
        crypto.configure("old")
        sealed = crypto.seal("calendar", "a")
        crypto.configure("new", "old")
        assert crypto.unseal("calendar", sealed) == "a"
        crypto.configure("new")
        with pytest.raises(ValueError, match="sealed"):
            crypto.unseal("calendar", sealed)
    finally:
        crypto._keys[:] = known
