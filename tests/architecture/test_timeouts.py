"""Timeouts of one installation: each layer waits longer than the one behind it."""

import re
from types import ModuleType

import pytest

from events.core.db import postgres, session
from events.core.realtime import keyed_lock
from events.core.realtime.connections import socketio
from tests.support.processes import ROOT

NGINX = (ROOT / "deploy" / "nginx.conf").read_text()
SOCKETS, PAGES = (
    NGINX[NGINX.index(name) :].partition("\n    }\n")[0]
    for name in ("location /socket.io/ {", "location @ontmoet {")
)
WEB = (ROOT / "deploy" / "ontmoet-web@.service").read_text()
COMPOSE = (ROOT / "deploy" / "compose.yaml").read_text()
GUNICORN = (ROOT / "deploy" / "gunicorn.conf.py").read_text()


def seconds(text: str, name: str) -> int:
    """Of a directive of nginx, a key of YAML, of systemd or of gunicorn."""
    found = re.search(rf"^\s*{re.escape(name)}\s*[:=\s]\s*(\d+)s?;?$", text, re.MULTILINE)
    assert found is not None, f"{name} is not set"
    return int(found[1])


def test_a_page_that_waits_for_sqlite_is_answered_before_the_proxy_gives_up() -> None:
    longest = keyed_lock.MAX_WAIT_SECONDS + session.POOL_TIMEOUT_SECONDS + session.LOCK_TIMEOUT_SECONDS
    assert longest < seconds(PAGES, "proxy_read_timeout")


def test_a_page_that_waits_for_postgresql_is_answered_before_the_proxy_gives_up() -> None:
    """Its turn, a connection, whether that one lives, a new one, and a statement that never ends."""
    longest = (
        keyed_lock.MAX_WAIT_SECONDS
        + postgres.POOL_TIMEOUT_SECONDS
        + postgres.PING_TIMEOUT_SECONDS
        + postgres.CONNECT_TIMEOUT_SECONDS
        + postgres.RESPONSE_TIMEOUT_SECONDS
    )
    assert longest < seconds(PAGES, "proxy_read_timeout")
    assert (
        postgres.LOCK_TIMEOUT_SECONDS < postgres.STATEMENT_TIMEOUT_SECONDS < postgres.RESPONSE_TIMEOUT_SECONDS
    )


@pytest.mark.parametrize("module", [session, postgres])
def test_engines_wait_as_long_as_is_said(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POOL_TIMEOUT_SECONDS", 0.25)
    engine = (
        session.make_sqlite_engine("sqlite://")
        if module is session
        else postgres.make_engine("postgresql+psycopg://localhost/none")
    )
    assert engine.pool.timeout() == 0.25  # type: ignore[attr-defined]  # of the queue that every engine of ours has
    engine.dispose()


def test_a_socket_that_is_alive_is_never_silent_for_as_long_as_the_proxy_waits(app: object) -> None:
    server = socketio.server.eio
    assert server.ping_interval + server.ping_timeout < seconds(SOCKETS, "proxy_read_timeout")


@pytest.mark.parametrize("name", ["upstream.conf", "upstream-compose.conf"])
def test_the_proxy_drops_a_silent_connection_before_the_process_does(name: str) -> None:
    """Otherwise a form may meet a connection that is just being closed; nginx does not send it again."""
    kept = seconds((ROOT / "deploy" / name).read_text(), "keepalive_timeout")
    assert kept < seconds(GUNICORN, "keepalive")


def test_what_is_being_answered_is_finished_before_the_process_is_killed() -> None:
    graceful = seconds(GUNICORN, "graceful_timeout")
    assert graceful < seconds(WEB, "TimeoutStopSec")
    assert graceful < seconds(COMPOSE, "stop_grace_period")


def test_a_slow_body_is_bounded_by_the_proxy_too() -> None:
    assert seconds(NGINX, "client_body_timeout") <= 30
    assert "proxy_request_buffering off" not in NGINX, "a slow sender would hold a process, not only nginx"
