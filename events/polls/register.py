"""Registers this feature with the application: pages, listeners, frames."""

from flask import Flask

from events.polls import listeners, sockets
from events.polls.views import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    listeners,
    sockets,
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
