"""Registers this feature with the application: pages, listeners, frames."""

from flask import Flask

from events.questions import listeners, sockets
from events.questions.views import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    listeners,
    sockets,
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
