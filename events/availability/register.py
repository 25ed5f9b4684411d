"""Registers this feature with the application: pages, jobs, listeners."""

from flask import Flask

from events.availability import jobs, listeners
from events.availability.views import breaks, calendars
from events.availability.views.times import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    breaks,
    calendars,
    jobs,
    listeners,
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
