"""Flask request context of a frame: session and locale of the request that opened the socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.ctx import RequestContext
from typing_extensions import override

from events.core.auth.actor import VISITOR
from events.core.observability import named_work
from events.core.realtime.connections import Connection
from events.core.web.templates import use_locale_of


class FrameContext(RequestContext):
    @override
    def match_request(self) -> None:
        """Frames have no URL to route."""


@contextmanager
def frame_context(app: Flask, environ: dict[str, Any], connection: Connection | None) -> Iterator[None]:
    """Request context with the reader's locale; reads no database.

    Flask-SocketIO would do the same and verify the cookie again each time.
    """
    session = connection.session if connection else None
    with FrameContext(app, environ, session=session), named_work():
        use_locale_of((connection and connection.actor) or VISITOR)
        yield
