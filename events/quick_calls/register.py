"""Registers this feature with the application: pages, listeners."""

from flask import Flask

from events.quick_calls import listeners
from events.quick_calls.views import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (listeners,)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
