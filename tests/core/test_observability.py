"""Logging and Sentry: every error is reported once, without secrets."""

import json
import re
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import sentry_sdk
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from typing_extensions import override

from events.core import observability
from events.core.config import ROOT, Settings
from events.core.db.session import unit_of_work
from events.core.jobs import queue
from events.core.jobs.queue import enqueue, job
from tests.support.cast import Cast


@job()
def stumble_over(_secret: str) -> None:
    raise RuntimeError("stumbled at /unsubscribe/a-secret-key-of-somebody")


class Listening(BaseHTTPRequestHandler):
    """As Sentry takes events."""

    events: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = zlib.decompress(body, 31)
        lines = [line for line in body.splitlines() if line]
        self.events.extend(one for one in map(json.loads, lines) if "exception" in one)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    @override
    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def sentry(settings: Settings) -> Iterator[list[dict[str, Any]]]:
    Listening.events = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listening)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://key@127.0.0.1:{server.server_port}/1"
    observability.configure(Settings(**settings.model_dump() | {"sentry_dsn": address}))
    yield Listening.events
    sentry_sdk.get_client().close()
    sentry_sdk.init(trace_propagation_targets=[])  # off, and without headers in later tests
    observability.configure(settings)
    server.shutdown()
    server.server_close()


def test_a_fault_on_a_page_reaches_sentry_with_its_request_and_without_secrets(
    app: Flask, sentry: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(**_anything: object) -> str:
        raise RuntimeError("broken at /k/a-secret-key-of-somebody")

    monkeypatch.setitem(app.view_functions, "pages.privacy", break_off)
    app.config["TESTING_FAULTS"] = False
    try:
        answer = app.test_client().get("/privacy")
    finally:
        app.config["TESTING_FAULTS"] = True
    assert answer.status_code == 500
    sentry_sdk.flush(10)
    (event,) = sentry
    assert event["exception"]["values"][-1]["type"] == "RuntimeError"
    assert event["tags"]["request_id"] == answer.headers["X-Request-Id"]
    assert "a-secret-key" not in json.dumps(event)


@pytest.mark.usefixtures("sentry")
def test_other_servers_get_no_trace_headers() -> None:
    assert sentry_sdk.get_client().options["trace_propagation_targets"] == []


def test_a_fault_in_a_job_reaches_sentry_once(cast: Cast, sentry: list[dict[str, Any]]) -> None:
    with unit_of_work() as db:
        enqueue(db, stumble_over, "an argument of somebody")
    queue.run_due()
    sentry_sdk.flush(10)
    (event,) = sentry
    assert event["tags"]["job"].endswith("stumble_over")
    assert "a-secret-key" not in json.dumps(event)
    assert "an argument of somebody" not in json.dumps(event)


def test_every_address_with_a_secret_is_shortened_in_logs(app: Flask) -> None:
    secret = {"key", "token", "secret"}
    found = [rule for rule in app.url_map.iter_rules() if set(rule.arguments) & secret]
    assert len(found) >= 3
    for rule in found:
        values = dict.fromkeys(rule.arguments, "VERY-SECRET")
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(rule.endpoint, values)
        assert "VERY-SECRET" not in observability.redact(path), rule.rule


@pytest.mark.postgres
def test_a_database_error_message_contains_no_user_input(cast: Cast) -> None:
    with pytest.raises(DBAPIError) as caught, unit_of_work() as db:
        db.execute(text("SELECT * FROM no_such_table WHERE word = :word"), {"word": "private words"})
    assert "private words" not in str(caught.value)


def test_the_proxy_shortens_the_same_addresses_in_its_log() -> None:
    named = re.search(r"<ontmoet_kind>([a-z|]+)\)", (ROOT / "deploy" / "nginx.conf").read_text())
    assert named is not None
    assert f"/({named[1]})/" in observability._SECRET_PATH.pattern
