"""Registers this feature with the application: pages, frames, listeners."""

from flask import Flask

from events.office_hours import listeners, sockets
from events.office_hours.views import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    listeners,
    sockets,
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
