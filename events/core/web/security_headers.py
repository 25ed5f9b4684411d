"""Security headers of every response: Content-Security-Policy with a nonce, HSTS,
Permissions-Policy and others.
"""

import secrets
from collections.abc import Callable
from wsgiref.headers import Headers

from flask import Flask, g, request
from werkzeug.wrappers import Response

from events.core.config import Settings

HSTS = "max-age=31536000; includeSubDomains"
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'"  # of static files
# For responses of WSGI middleware.
BARE_HEADERS = (("Content-Security-Policy", FILE_POLICY), ("X-Content-Type-Options", "nosniff"))


def init_app(app: Flask, settings: Settings) -> None:
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    @app.after_request
    def protect(response: Response) -> Response:
        return _protect(response, settings)


def csp_nonce() -> str:
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def protect_file(settings: Settings) -> Callable[[Headers, str, str], None]:
    """Header callback of WhiteNoise for static files."""

    def add(headers: Headers, _path: str, _url: str) -> None:
        headers["Content-Security-Policy"] = FILE_POLICY
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        if settings.production:
            headers["Strict-Transport-Security"] = HSTS

    return add


def allow_frame(origin: str) -> None:
    """Allow this response to embed players of an origin."""
    g.frame_source = origin


def allow_media(origin: str) -> None:
    """Allow this response to load media from an origin."""
    g.media_source = origin


def _protect(response: Response, settings: Settings) -> Response:
    media = g.get("media_source", "")
    response.headers.setdefault(
        "Content-Security-Policy",
        "; ".join(
            [
                "default-src 'none'",
                f"script-src 'self' 'nonce-{csp_nonce()}'",
                "style-src 'self'",
                "img-src 'self' data:",
                "font-src 'self'",
                f"connect-src 'self' {_socket_origins(settings)} {media}".strip(),
                f"media-src 'self' blob: {media}".strip(),
                "worker-src 'self' blob:",
                "frame-src " + g.get("frame_source", "'none'"),
                "manifest-src 'self'",
                "form-action 'self'",
                "base-uri 'none'",
                "object-src 'none'",
                "frame-ancestors 'none'",
            ]
        ),
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(self), geolocation=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if settings.production:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if g.get("signed_out", False):
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _socket_origins(settings: Settings) -> str:
    return " ".join(origin.replace("http", "ws", 1) for origin in settings.origins)
