"""Registers this feature with the application: pages, jobs, listeners."""

from flask import Flask

from events.availability import jobs, listeners
from events.availability.queries.breaks import break_days
from events.availability.views import breaks, calendars
from events.availability.views.times import blueprint
from events.livestreams.queries.closed_days import register_closed_days

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    breaks,
    calendars,
    jobs,
    listeners,
)


def register(app: Flask) -> None:
    register_closed_days(break_days)
    app.register_blueprint(blueprint)
