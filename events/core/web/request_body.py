"""Request bodies: read completely before a unit of work opens, with limits of size and time.

A body arrives as slowly as its sender likes. Read while holding a database connection, one slow
sender would block everyone on SQLite, and twenty on PostgreSQL (slow-body attack).
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
MAX_FIELDS = 10_000  # urlencoded; our largest form has one field per member of a round
MIN_BYTES_PER_SECOND = 32 * 1024  # mean rate below which a body is refused


class GuardedBody:
    """WSGI input; reading it inside a unit of work raises in tests.

    Yields before each read: reading alone does not yield while bytes keep coming, and parsing the
    part headers of one form may take seconds.
    """

    def __init__(self, body: Any) -> None:
        self._body = body

    def __getattr__(self, name: str) -> Any:
        assert_no_transaction("reading the body of a request")
        gevent.sleep(0)
        return getattr(self._body, name)


def read_body() -> None:
    """First before_request handler. Only multipart forms may be large: others are parsed as a whole
    and have no other limit. Raises RequestTimeout, RequestEntityTooLarge and BadRequest.
    """
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    request.environ["wsgi.input"] = GuardedBody(request.environ["wsgi.input"])
    if request.endpoint is None or not _has_body():
        return  # not read by a page
    seconds = GRACE_SECONDS + _largest() / MIN_BYTES_PER_SECOND
    try:
        with Timeout(seconds):
            if request.mimetype == "application/x-www-form-urlencoded" and _has_too_many_fields():
                raise RequestEntityTooLarge
            request.get_data(parse_form_data=True)
    except Timeout:
        read_no_more(request.environ)
        raise RequestTimeout from None
    except (OSError, ParseException):  # a malformed chunk, as gunicorn reports it
        read_no_more(request.environ)
        raise BadRequest from None
    if None in request.form or None in request.files:  # a part of multipart/form-data without a name
        raise BadRequest


def _has_too_many_fields() -> bool:
    """Count fields before parsing: 130,000 fit the size limit and take a quarter of a second."""
    return request.get_data(parse_form_data=False).count(b"&") > MAX_FIELDS


def _has_body() -> bool:
    return bool(request.content_length) or "HTTP_TRANSFER_ENCODING" in request.environ


def _largest() -> int:
    """Bytes that may arrive: Content-Length, or the limit if it is absent."""
    allowed = request.max_content_length or 0
    announced = request.content_length
    return allowed if announced is None else min(announced, allowed)


def read_no_more(environ: dict[str, Any]) -> None:
    """Shut down reading so that the connection closes after the response: gunicorn ignores our
    `Connection: close`.
    """
    connection = environ.get("gunicorn.socket")
    if connection is not None:
        with suppress(OSError):  # already closed
            connection.shutdown(SHUT_RD)
