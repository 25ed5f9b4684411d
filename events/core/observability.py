"""Logging, metrics and Sentry: one request id through page, job and mail, and no secrets."""

import logging
import re
import sys
from contextlib import AbstractContextManager
from typing import Any

import sentry_sdk
import structlog
from flask import Flask, g, request
from prometheus_client import Counter, Gauge
from structlog.typing import EventDict, WrappedLogger
from werkzeug.wrappers import Response

from events.core.config import Settings
from events.core.ids import short_code

pages_answered = Counter("ontmoet_pages_total", "Pages answered", ["status"])
sockets_open = Gauge("ontmoet_sockets", "Sockets with a Socket.IO session on this process")
websockets_open = Gauge("ontmoet_websockets", "WebSockets open on this process, also without a session")
sockets_refused = Counter("ontmoet_sockets_refused_total", "WebSockets refused or ended early", ["reason"])

_SECRET_PATH = re.compile(r"/(k|feeds|unsubscribe|invitations)/[^/?\s]+")


def configure(settings: Settings) -> None:
    renderer = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            report_fault,
            structlog.processors.format_exc_info,
            _without_secrets,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    if settings.sentry_dsn is not None:
        sentry_sdk.init(
            settings.sentry_dsn.get_secret_value(),
            include_local_variables=False,  # they hold people's texts and keys
            auto_enabling_integrations=False,  # our handlers catch exceptions and log them
            max_request_body_size="never",
            trace_propagation_targets=[],  # calendars and media of strangers get no trace headers
            before_send=_without_secrets_anywhere,
        )


def init_app(app: Flask) -> None:
    @app.before_request
    def name_request() -> None:
        g.request_id = short_code(12)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def count(response: Response) -> Response:
        pages_answered.labels(str(response.status_code)).inc()
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if response.status_code >= 500 and request.endpoint != "pages.ready":  # /readyz logs its own changes
            structlog.get_logger().error(
                "page failed", path=redact(request.path), status=response.status_code
            )
        return response


def named_work() -> AbstractContextManager[None]:
    """Bind a request id for everything logged, queued and mailed inside the block."""
    return structlog.contextvars.bound_contextvars(request_id=short_code(12))


def report_fault(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Send every logged exception to Sentry: our handlers catch them, so its integrations see none."""
    given = event.get("exc_info")
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    if error is not None and sentry_sdk.get_client().is_active():
        with sentry_sdk.new_scope() as scope:
            for name in ("event", "request_id", "job", "path", "frame", "listener"):
                if name in event:
                    scope.set_tag(name, redact(str(event[name])))
            scope.capture_exception(error)
    return event


def _without_secrets_anywhere(event: Any, _hint: object) -> Any:
    if isinstance(event, dict):
        return {key: _without_secrets_anywhere(value, None) for key, value in event.items()}
    if isinstance(event, list):
        return [_without_secrets_anywhere(value, None) for value in event]
    return redact(event) if isinstance(event, str) else event


def redact(path: str) -> str:
    """Replace the secret in a path by an ellipsis."""
    return _SECRET_PATH.sub(r"/\1/…", path)


def _without_secrets(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}
