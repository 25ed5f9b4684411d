"""Identifiers: opaque, unguessable, safe in a URL, a frame and a file name."""

import base64
import secrets

ID_LENGTH = 26
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_id() -> str:
    """128 random bits as 26 lower-case letters and digits."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def short_code(length: int = 5) -> str:
    """A few characters that cannot be mistaken for each other, for slugs."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
