"""Registers this feature with the application: pages, jobs, listeners."""

from flask import Flask

from events.livestreams import jobs, listeners
from events.livestreams.views import calendars, series, transitions
from events.livestreams.views.pages import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    calendars,
    series,
    transitions,
    jobs,
    listeners,
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
