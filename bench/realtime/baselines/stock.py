"""Stock Flask-SocketIO with the same frames: gunicorn -k gevent bench.realtime.baselines.stock:app"""

from typing import Any

from flask import Flask
from flask_socketio import SocketIO, join_room

from bench.realtime.baselines.frames import Clock, entries

app = Flask(__name__)
socketio = SocketIO(app, async_mode="gevent", transports=["websocket"], async_handlers=False)


def enter(data: dict[str, Any]) -> dict[str, bool]:
    join_room(data["room"])
    return {"ok": True}


def start(order: dict[str, Any]) -> dict[str, bool]:
    socketio.start_background_task(drive, order)
    return {"ok": True}


def drive(order: dict[str, Any]) -> None:
    clock = Clock(order)
    for seq in clock.numbers():
        socketio.sleep(clock.wait(seq))
        socketio.emit("chat.entries", entries(order, seq, clock.due(seq)), to=order["room"])


socketio.on_event("chat.enter", enter)
socketio.on_event("drive", start)
