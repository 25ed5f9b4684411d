"""Registers this feature with the application: pages, listeners."""

from flask import Flask

from events.rescue import listeners
from events.rescue.views import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (listeners,)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
