"""Registers this feature with the application: pages, jobs, listeners, and the loaders of actors."""

from flask import Flask

from events.accounts import jobs, listeners
from events.accounts.queries.actors import load_actor, load_actors
from events.accounts.views import contact, keys, photo, profile
from events.accounts.views.sign_in import blueprint
from events.core.auth.actor import register_loaders

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
    register_loaders(load_actor, load_actors)
