"""The product itself, with one frame more that orders broadcasts: fan-out without posting."""

from typing import Any

from bench.live.contenders.frames import Clock, entries
from events.core.connections import socketio
from events.core.realtime import broadcast
from wsgi import app

__all__ = ["app"]


def start(order: dict[str, Any]) -> dict[str, bool]:
    socketio.start_background_task(drive, order)
    return {"ok": True}


def drive(order: dict[str, Any]) -> None:
    clock = Clock(order)
    for seq in clock.numbers():
        socketio.sleep(clock.wait(seq))
        broadcast(order["room"], "chat.entries", entries(order, seq, clock.due(seq)))


socketio.on_event("drive", start)
