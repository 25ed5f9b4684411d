"""Registers this feature with the application: pages, jobs, listeners, frames."""

from flask import Flask

from events.aftertalks import jobs, listeners, sockets
from events.aftertalks.views import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    jobs,
    listeners,
    sockets,
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
