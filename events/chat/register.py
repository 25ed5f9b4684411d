"""Registers this feature with the application: pages, listeners, frames and hooks."""

from flask import Flask

from events.chat import listeners, sockets
from events.chat.queries.rooms import livestream_room, register_room_finder
from events.chat.views import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    listeners,
    sockets,
)


def register(app: Flask) -> None:
    register_room_finder("livestream", livestream_room)
    app.register_blueprint(blueprint)
