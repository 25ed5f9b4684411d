"""Registers this feature with the application: jobs, listeners."""

from flask import Flask

from events.replies import jobs, listeners

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    jobs,
    listeners,
)


def register(app: Flask) -> None:
    """Nothing beside MODULES."""
