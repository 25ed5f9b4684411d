"""Time-limited TURN credentials (coturn's `use-auth-secret`), computed from a shared secret."""

import base64
import hmac
from datetime import datetime


def turn_credential(secret: str, opaque: str, expires_at: datetime) -> tuple[str, str]:
    """Username (expiry and `opaque`) and password (base64 of HMAC-SHA1 over the username)."""
    username = f"{int(expires_at.timestamp())}:{opaque}"
    digest = hmac.digest(secret.encode(), username.encode(), "sha1")
    return username, base64.b64encode(digest).decode()
