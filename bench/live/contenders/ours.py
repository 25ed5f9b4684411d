"""The product itself, with three frames more: broadcast, match a round, say how long it stood still."""

import time
from typing import Any

from bench.live.contenders.frames import Clock, entries
from events.core.connections import socketio
from events.core.offload import offload
from events.core.realtime import broadcast
from tests.matching.match_checker import generate
from wsgi import app

__all__ = ["app"]

LOOK_EVERY = 0.005  # seconds
gathered: dict[str, Any] = {}
seen = {"longest": 0.0, "matched": 0, "watched": False}


def start(order: dict[str, Any]) -> dict[str, bool]:
    socketio.start_background_task(drive, order)
    return {"ok": True}


def drive(order: dict[str, Any]) -> None:
    clock = Clock(order)
    for seq in clock.numbers():
        socketio.sleep(clock.wait(seq))
        broadcast(order["room"], "chat.entries", entries(order, seq, clock.due(seq)))


def gather(order: dict[str, Any]) -> dict[str, bool]:
    """Make up the people of a round, before anything is counted."""
    gathered.update(generate(order["people"]))
    return {"ok": True}


def match(_order: dict[str, Any]) -> dict[str, bool]:
    """As the worker inside does it, in a child of its own."""
    socketio.start_background_task(match_round, gathered)
    return {"ok": True}


def match_round(document: dict[str, Any]) -> None:
    answer: Any = offload("events.matching.rules:match_json", document)
    seen["matched"] = len(answer["coffees"])


def stood_still(_data: object) -> dict[str, float]:
    """The longest that the loop was late since the last time that somebody asked."""
    if not seen["watched"]:
        seen["watched"] = True
        socketio.start_background_task(watch)
    found = {"longest": seen["longest"], "matched": seen["matched"]}
    seen["longest"] = 0.0
    return found


def watch() -> None:
    while True:
        before = time.monotonic()
        socketio.sleep(LOOK_EVERY)
        seen["longest"] = max(seen["longest"], time.monotonic() - before - LOOK_EVERY)


socketio.on_event("drive", start)
socketio.on_event("gather", gather)
socketio.on_event("match", match)
socketio.on_event("stood still", stood_still)
