"""Time-limited credentials that a TURN server with the same secret accepts (coturn's `use-auth-secret`)."""

import base64
import hmac
from datetime import datetime


def turn_credential(secret: str, opaque: str, expires_at: datetime) -> tuple[str, str]:
    """Username and password; both servers compute the password from the username and the secret."""
    username = f"{int(expires_at.timestamp())}:{opaque}"
    digest = hmac.digest(secret.encode(), username.encode(), "sha1")
    return username, base64.b64encode(digest).decode()
