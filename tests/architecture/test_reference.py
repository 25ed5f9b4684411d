"""Generated reference: equal to what the code declares."""

from flask import Flask

from events.core.auth import endpoints as core_endpoints
from events.core.config import ROOT
from events.core.ops.reference import write_reference
from events.core.realtime.connections import socketio
from events.core.realtime.packets import REFUSED


def test_the_reference_is_complete() -> None:
    assert (ROOT / "docs" / "reference.md").read_text() == write_reference(), "run `flask reference`"


def test_every_page_is_declared(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()} - {"static"}
    assert endpoints
    assert {name for name in endpoints if f"page {name}" not in core_endpoints.endpoints} == set()


def test_every_frame_is_declared(app: Flask) -> None:
    handlers = set(socketio.server.handlers["/"]) - {"connect", "disconnect", REFUSED}
    assert handlers
    assert {name for name in handlers if f"frame {name}" not in core_endpoints.endpoints} == set()


def test_every_signal_has_a_listener() -> None:
    signals = write_reference().split("## Signals")[1].splitlines()
    assert [row for row in signals if row.endswith("|  |  |")] == []
