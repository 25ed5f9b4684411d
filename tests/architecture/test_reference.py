"""The reference tells what the code declares, and every door is declared."""

from flask import Flask

from events.core import rights
from events.core.config import ROOT
from events.core.connections import socketio
from events.core.packets import REFUSED
from events.core.reference import write_reference


def test_the_reference_is_complete() -> None:
    assert (ROOT / "docs" / "reference.md").read_text() == write_reference(), "run `flask reference`"


def test_every_page_is_declared(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()} - {"static"}
    assert endpoints
    assert {name for name in endpoints if f"page {name}" not in rights.doors} == set()


def test_every_frame_is_declared(app: Flask) -> None:
    handlers = set(socketio.server.handlers["/"]) - {"connect", "disconnect", REFUSED}
    assert handlers
    assert {name for name in handlers if f"frame {name}" not in rights.doors} == set()
