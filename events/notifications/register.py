"""Registers this feature with the application: pages, jobs, listeners."""

from flask import Flask

from events.notifications import jobs
from events.notifications.listeners import (
    coffees_after,
    companies,
    endings,
    guests,
    livestreams,
    messages,
    people,
    questions,
    rounds,
    schedule,
    welcomes,
)
from events.notifications.views import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    jobs,
    coffees_after,
    companies,
    endings,
    guests,
    livestreams,
    messages,
    people,
    questions,
    rounds,
    schedule,
    welcomes,
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
