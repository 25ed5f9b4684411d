"""Registers this feature with the application: jobs, listeners, frames."""

from flask import Flask

from events.presence import jobs, listeners, sockets
from events.presence.queries import list_attendance
from events.registrations.queries.registrations import register_attended

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    jobs,
    listeners,
    sockets,
)


def register(app: Flask) -> None:
    register_attended(list_attendance)
