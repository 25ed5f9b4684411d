"""Registers this feature with the application: pages, jobs, listeners and hooks."""

from flask import Flask

from events.accounts.queries.people import register_announcer
from events.circles.queries.upcoming import register_upcoming
from events.registrations import jobs, listeners
from events.registrations.queries.panels import announcement_of, next_panel
from events.registrations.views import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    jobs,
    listeners,
)


def register(app: Flask) -> None:
    register_announcer(announcement_of)
    register_upcoming(next_panel)
    app.register_blueprint(blueprint)
