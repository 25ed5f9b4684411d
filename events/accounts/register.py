"""Registers this feature with the application: pages, jobs, listeners."""

from flask import Flask

from events.accounts import jobs, listeners
from events.accounts.views import contact, keys, photo, profile
from events.accounts.views.sign_in import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    contact,
    keys,
    photo,
    profile,
    jobs,
    listeners,
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
