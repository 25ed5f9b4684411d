"""Registers this feature with the application: pages, jobs, listeners."""

from flask import Flask

from events.livestreams import jobs, listeners
from events.livestreams.views import calendars, series, sharing, transitions
from events.livestreams.views.pages import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    calendars,
    series,
    sharing,
    transitions,
    jobs,
    listeners,
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.jinja_env.globals["preview_url"] = sharing.preview_url
