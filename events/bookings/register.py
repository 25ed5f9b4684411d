"""Registers this feature with the application: pages, jobs, listeners."""

from flask import Flask

from events.bookings import jobs, listeners
from events.bookings.views import invitations
from events.bookings.views.booking_page import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    invitations,
    jobs,
    listeners,
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
