"""WebSocket admission: valid handshakes only, and a bounded number per network and process."""

import base64
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask import Flask
from prometheus_client import REGISTRY
from werkzeug.test import Client, EnvironBuilder

from events.core import rate_limits
from events.core.realtime import socket_gate
from events.core.realtime.connections import socketio
from events.core.realtime.socket_gate import SocketGate, open_by_network

WHOLE = {
    "Upgrade": "websocket",
    "Connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": base64.b64encode(b"k" * 16).decode(),
}


def handshake(address: str = "203.0.113.7", changed: dict[str, str | None] | None = None) -> dict[str, Any]:
    given = [(name, value) for name, value in (WHOLE | (changed or {})).items() if value is not None]
    path = "/socket.io/?EIO=4&transport=websocket"
    environ = EnvironBuilder(path=path, headers=given, environ_base={"REMOTE_ADDR": address}).get_environ()
    return dict(environ)


def ask(app: Any, environ: dict[str, Any]) -> str:
    said: list[str] = []
    for _ in app(environ, lambda status, _headers: said.append(status)):
        pass
    return said[0][:3]


def held(most: int | None, addresses: list[str]) -> list[str]:
    """What each hears of a handshake while all those before it are still open."""
    answers: list[str] = []

    def open_next(_environ: object, start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response("101 Switching Protocols", [])
        if len(answers) < len(addresses):
            go_on()
        return []

    def go_on() -> None:
        address = addresses[len(answers)]
        answers.append("")
        place = len(answers) - 1
        said: list[str] = []
        gate(handshake(address), lambda status, _headers: said.append(status))
        answers[place] = said[0][:3]
        if said[0][:3] != "101" and len(answers) < len(addresses):
            go_on()

    gate = SocketGate(open_next, most)
    go_on()
    return answers


@pytest.mark.parametrize(
    "missing",
    [
        {"Upgrade": None}, {"Upgrade": "h2c"}, {"Connection": None}, {"Connection": "close"},
        {"Sec-WebSocket-Version": "8"}, {"Sec-WebSocket-Version": None}, {"Sec-WebSocket-Key": None},
        {"Sec-WebSocket-Key": "short"}, {"Sec-WebSocket-Key": "é" * 24},
    ],
)  # fmt: skip
def test_half_a_handshake_is_refused_and_leaves_nothing_behind(
    app: Flask, missing: dict[str, str | None]
) -> None:
    clients = socketio.server.eio.sockets
    before = len(clients)
    assert ask(app.wsgi_app, handshake(changed=missing)) == "400"
    assert len(clients) == before


def test_only_get_opens_a_socket(app: Flask) -> None:
    for method in ("POST", "OPTIONS", "PUT", "HEAD"):
        assert Client(app.wsgi_app).open("/socket.io/?EIO=4", method=method).status_code == 400


def test_one_network_has_so_many_sockets_open_and_a_site_some_more() -> None:
    mapped = ["203.0.113.7", "::ffff:203.0.113.7", "::ffff:203.0.113.7", "203.0.113.8"]
    assert held(2, mapped) == ["101", "101", "429", "101"]
    networks = [f"2001:db8:5:{number:x}::1" for number in range(9)]
    assert held(2, networks) == ["101"] * 8 + ["429"]
    one_network = [f"2001:db8:5:6::{number:x}" for number in range(1, 4)]
    assert held(2, one_network) == ["101", "101", "429"]
    assert open_by_network == {}, "closed sockets are still counted"


def test_a_process_has_so_many_sockets_in_all_and_says_how_many_it_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket_gate, "MAX_SOCKETS", 3)
    before = REGISTRY.get_sample_value("ontmoet_sockets_refused_total", {"reason": "full"}) or 0
    assert held(None, [f"203.0.113.{n}" for n in range(5)]) == ["101"] * 3 + ["503"] * 2
    assert REGISTRY.get_sample_value("ontmoet_sockets_refused_total", {"reason": "full"}) == before + 2


def test_sockets_end_before_open_files_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_gate, "_max_open_files", lambda: socket_gate.OTHER_FILES + 1)
    assert held(None, ["203.0.113.1", "203.0.113.2"]) == ["101", "503"]


def test_a_network_opens_so_many_sockets_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_gate, "OPEN_RATE", "2 per minute")
    rate_limits.configure(None, enabled=True)
    try:
        gate = SocketGate(lambda _environ, start: start("101", []) or [], 100)
        answers = [ask(gate, handshake(f"2001:db8:5:6::{number:x}")) for number in range(1, 4)]
    finally:
        rate_limits.configure(None, enabled=False)
    assert answers == ["101", "101", "429"]
