"""Session cookie that accepts signatures from clocks ahead of ours.

itsdangerous refuses future signatures, so a sign-in at one process would fail at another whose
clock is a second behind, and setting a clock back would sign everyone out. The lifetime of a
sign-in is kept in its row; the cookie's age has an upper bound only.
"""

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer
from typing_extensions import override


class SkewedSigner(TimestampSigner):
    """Checks that a signature is not too old; future ones are accepted."""

    @override
    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> Any:
        value, signed_at = super().unsign(signed_value, None, return_timestamp=True)
        if max_age is not None and self.get_timestamp() - signed_at.timestamp() > max_age:
            raise SignatureExpired("the session cookie is too old", value, signed_at)
        return (value, signed_at) if return_timestamp else value


class SkewedSerializer(URLSafeTimedSerializer):
    default_signer = SkewedSigner


class SessionCookie(SecureCookieSessionInterface):
    @override
    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        ordinary = super().get_signing_serializer(app)
        if ordinary is None:
            return None
        return SkewedSerializer(
            ordinary.secret_keys,
            salt=ordinary.salt,
            serializer=ordinary.serializer,
            signer_kwargs=ordinary.signer_kwargs,
        )
