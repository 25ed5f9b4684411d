"""A small server with one room, for tests of the lines, as gunicorn serves it.

LINES is `ours`, `brief` (the same with hardly any patience), `gated` (three sockets a network), `stock` (the
library alone) or `changed` (a library that is not inside as we expect it).
"""

import os
from collections.abc import Callable
from typing import Any, TypeVar

from engineio.socket import Socket
from flask import Flask, request
from flask_socketio import SocketIO, emit, join_room

from events.core.realtime import broadcast_manager
from events.core.realtime import websocket as lines_module
from events.core.realtime.socket_gate import SocketGate
from events.core.realtime.websocket import open_websockets

Handler = TypeVar("Handler", bound=Callable[..., object])

app = Flask(__name__)
app.secret_key = "not a secret"
socketio = SocketIO()
if os.environ["LINES"] == "changed":
    stock_send = Socket.send

    def send_otherwise(self: Any, packet: Any) -> None:
        """As if a later release sent past the queue for some packets."""
        if packet.data != "tried":
            stock_send(self, packet)

    Socket.send = send_otherwise
if os.environ["LINES"] == "brief":
    lines_module.SESSION_TIMEOUT_SECONDS = 1.0
patience = {"ping_interval": 1, "ping_timeout": 1} if os.environ["LINES"] == "brief" else {}
manager = {} if os.environ["LINES"] == "stock" else {"client_manager": broadcast_manager.Fanout()}
socketio.init_app(
    app,
    async_mode="gevent",
    async_handlers=False,
    transports=["websocket"],
    max_http_buffer_size=65536,
    **manager,
    **patience,
)
on: Callable[[str], Callable[[Handler], Handler]] = socketio.on
installed = os.environ["LINES"] != "stock" and broadcast_manager.install(socketio.server)
if os.environ["LINES"] == "gated":
    app.wsgi_app = SocketGate(app.wsgi_app, 3)  # type: ignore[method-assign]  # the documented way


@on("enter")
def enter(_data: dict[str, Any]) -> dict[str, Any]:
    join_room("hall")
    return {"installed": installed}


@on("say")
def say(data: dict[str, Any]) -> int:
    """To the hall, `count` times; the answer comes behind."""
    for number in range(data["count"]):
        socketio.emit("said", {"number": number, "text": data["text"]}, to="hall")
    return int(data["count"])


@on("mix")
def mix(data: dict[str, Any]) -> int:
    """Before the answer: one frame to whoever asks, one to the hall, one to whoever asks."""
    emit("before", data)
    socketio.emit("said", data, to="hall")
    emit("after", data)
    return int(data["number"])


@on("look")
def look(_data: dict[str, Any]) -> dict[str, Any]:
    me = request.sid  # type: ignore[attr-defined]  # set by Flask-SocketIO
    return {
        "me": me,
        "open": len(open_websockets),
        "kept": max((len(line._buffer) for line in open_websockets.values()), default=0),
    }


@on("ask back")
def ask_back(data: dict[str, Any]) -> None:
    """A frame that asks for an answer, which is told to the hall."""
    emit("question", data, callback=lambda answer: socketio.emit("answered", answer, to="hall"))


@on("send away")
def send_away(_data: dict[str, Any]) -> None:
    socketio.server.disconnect(request.sid)  # type: ignore[attr-defined]  # as above
