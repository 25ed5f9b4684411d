"""Cryptography of passwords (Argon2id), derived secrets (HMAC-SHA256), sealing (Fernet) and key
rotation.
"""

import base64
import hashlib
import hmac
import secrets as random

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from gevent import get_hub
from itsdangerous import Signer

from events.core.db.session import assert_no_transaction

MAX_PASSWORD_LENGTH = 128  # characters that are hashed, to bound its cost
_hasher = PasswordHasher()
_keys: list[bytes] = []
# Verified when no account has the address, so that both answers take equally long.
_dummy_hash = (
    "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$U/4RxZp0rIAbZRCK1t8rW4VTgx5hKBo6UYZdjGVxwYY"
)


def configure(secret_key: str, previous: str | None = None) -> None:
    """Set SECRET_KEY and the previous one, whose signatures and seals stay valid."""
    _keys[:] = [value.encode() for value in (secret_key, previous) if value]


def use_hasher(hasher: PasswordHasher) -> None:
    """Set the cost of password hashes; tests use the least."""
    global _hasher, _dummy_hash
    _hasher, _dummy_hash = hasher, hasher.hash("dummy")


def new_nonce() -> str:
    return random.token_urlsafe(12)


def derive(kind: str, row_id: str, nonce: str, *, generation: int = 0, octets: int = 24) -> str:
    """The secret of a row, the same each time: its id, then the first `octets` of HMAC-SHA256 over id
    and nonce under a key per kind, in URL-safe base64.
    """
    signer = Signer(
        _keys[generation], salt=f"ontmoet:{kind}", key_derivation="hmac", digest_method=hashlib.sha256
    )
    signature = signer.get_signature(f"{row_id}\x00{nonce}").decode()
    return row_id + signature[: (octets * 8 + 5) // 6]


def is_derived(kind: str, row_id: str, nonce: str, secret: str, *, octets: int = 24) -> bool:
    """Whether `secret` belongs to that row, under the current or the previous key."""
    return any(
        hmac.compare_digest(
            derive(kind, row_id, nonce, generation=generation, octets=octets).encode(), secret.encode()
        )
        for generation in range(len(_keys))
    )


def seal(kind: str, text: str) -> str:
    """Encrypt a third party's secret that we must be able to use again."""
    return _sealer(kind).encrypt(text.encode()).decode()


def unseal(kind: str, sealed: str) -> str:
    """Decrypt with the current or the previous key. Raises ValueError when neither fits."""
    try:
        return _sealer(kind).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise ValueError("this was not sealed here") from None


def fingerprint(secret: str) -> str:
    """SHA-256 of a random secret, in hex: all that a row keeps of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hash_password(password: str) -> str:
    """Argon2id in a thread, outside the event loop. Raises IOInsideTransaction in a unit of work."""
    assert_no_transaction("hashing")
    hashed: str = get_hub().threadpool.apply(_hasher.hash, (password[:MAX_PASSWORD_LENGTH],))
    return hashed


def verify_password(hashed: str | None, password: str) -> bool:
    """Whether the password matches; takes equally long without a hash."""
    assert_no_transaction("hashing")
    fits: bool = get_hub().threadpool.apply(_verify, (hashed or _dummy_hash, password[:MAX_PASSWORD_LENGTH]))
    return fits and hashed is not None


def _verify(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _sealer(kind: str) -> MultiFernet:
    """Fernet with keys per kind: a value sealed as one kind does not open as another."""
    keys = (hmac.digest(key, f"ontmoet:seal:{kind}".encode(), "sha256") for key in _keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
