"""Registers this feature with the application: pages, jobs, listeners."""

from flask import Flask

from events.notifications import jobs, listeners
from events.notifications.views import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    jobs,
    listeners,
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
