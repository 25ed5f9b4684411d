"""Request bodies: read whole before the first unit of work opens, bounded in size and in time.

A body comes as slowly as its sender likes. Read while a database connection is held, one slow sender stops
everybody on SQLite, and twenty of them on PostgreSQL.
"""

from contextlib import suppress
from typing import Any

import gevent
from flask import current_app, request
from gevent import Timeout
from gevent.socket import SHUT_RD
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, RequestTimeout

from events.core.db.session import assert_no_transaction

GRACE_SECONDS = 10.0
MAX_FIELDS = 10_000  # of a form without a file; our largest has one for each member of a round
MIN_BYTES_PER_SECOND = 32 * 1024  # slower than this in the mean, and the body is refused


class GuardedBody:
    """The body as WSGI gives it. In tests, reading it while a unit of work is open is an error.

    Before each part others run: reading alone does not yield while bytes keep coming, and the heads of the
    parts of one form may take seconds to take apart.
    """

    def __init__(self, body: Any) -> None:
        self._body = body

    def __getattr__(self, name: str) -> Any:
        assert_no_transaction("reading the body of a request")
        gevent.sleep(0)
        return getattr(self._body, name)


def read_body() -> None:
    """Runs before all else. Only a form with a file may be large: one without is parsed as a whole and has no
    other bound. Raises RequestTimeout, RequestEntityTooLarge and BadRequest."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    request.environ["wsgi.input"] = GuardedBody(request.environ["wsgi.input"])
    if request.endpoint is None or not _has_body():
        return  # nothing of ours reads it
    seconds = GRACE_SECONDS + _largest() / MIN_BYTES_PER_SECOND
    try:
        with Timeout(seconds):
            if request.mimetype == "application/x-www-form-urlencoded" and _has_too_many_fields():
                raise RequestEntityTooLarge
            request.get_data(parse_form_data=True)
    except Timeout:
        read_no_more(request.environ)
        raise RequestTimeout from None
    except (OSError, ParseException):  # a chunk without a size or an end, as gunicorn reads it
        read_no_more(request.environ)
        raise BadRequest from None
    if None in request.form or None in request.files:  # a part of multipart/form-data without a name
        raise BadRequest


def _has_too_many_fields() -> bool:
    """Counted before they are taken apart: 130,000 fit, and take a quarter of a second."""
    return request.get_data(parse_form_data=False).count(b"&") > MAX_FIELDS


def _has_body() -> bool:
    return bool(request.content_length) or "HTTP_TRANSFER_ENCODING" in request.environ


def _largest() -> int:
    """Bytes that may come: as announced, or as allowed when the sender does not say."""
    allowed = request.max_content_length or 0
    announced = request.content_length
    return allowed if announced is None else min(announced, allowed)


def read_no_more(environ: dict[str, Any]) -> None:
    """Close the connection as soon as the answer is written: gunicorn ignores our `Connection: close`."""
    connection = environ.get("gunicorn.socket")
    if connection is not None:
        with suppress(OSError):  # gone already
            connection.shutdown(SHUT_RD)
