"""Registers this feature with the application: pages, listener, and its check of places."""

from flask import Flask

from events.guests import listeners
from events.guests.queries import check_guest
from events.guests.views import bringing
from events.guests.views.places import blueprint
from events.registrations.queries.guest_checks import register_guest_check

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    bringing,
    listeners,
)


def register(app: Flask) -> None:
    register_guest_check(check_guest)
    app.register_blueprint(blueprint)
