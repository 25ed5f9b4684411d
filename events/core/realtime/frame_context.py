"""Flask request context for frames: session and language of the request that opened the socket."""

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
        """A frame has no address to look for."""


@contextmanager
def frame_context(app: Flask, environ: dict[str, Any], connection: Connection | None) -> Iterator[None]:
    """Words are in the reader's language in here, also while the database is away.

    Flask-SocketIO would do the same, and check the cookie of that request each time.
    """
    session = connection.session if connection else None
    with FrameContext(app, environ, session=session), named_work():
        use_locale_of((connection and connection.actor) or VISITOR)
        yield
