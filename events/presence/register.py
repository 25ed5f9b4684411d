"""Registers this feature with the application: jobs, listeners, frames."""

from flask import Flask

from events.presence import jobs, listeners, sockets

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    jobs,
    listeners,
    sockets,
)


def register(app: Flask) -> None:
    pass
