"""Registers this feature with the application: pages, jobs, listeners, frames and hooks."""

from flask import Flask

from events.calls import jobs, listeners, sockets
from events.calls.queries import had_trouble
from events.calls.views import blueprint
from events.coffees.queries.call_failures import register_call_failure_check

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    jobs,
    listeners,
    sockets,
)


def register(app: Flask) -> None:
    register_call_failure_check(had_trouble)
    app.register_blueprint(blueprint)
