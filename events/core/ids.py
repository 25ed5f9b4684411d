"""Random identifiers that cannot be guessed and are safe in a URL, a frame and a file name."""

import base64
import secrets

from events.core.runtime import runtime

ID_LENGTH = 26
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_LETTER_OF = (_ALPHABET * 9)[:256].encode()  # for each byte


def new_id() -> str:
    """128 random bits as 26 lower-case letters and digits."""
    return base64.b32encode(runtime.id_bytes(16)).decode().rstrip("=").lower()


def short_code(length: int = 5) -> str:
    """Random characters without look-alikes (no 0/o, 1/l), for slugs and request ids."""
    return secrets.token_bytes(length).translate(_LETTER_OF).decode()  # one call of the system, not `length`
