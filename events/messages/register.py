"""Registers this feature with the application: pages and jobs."""

from flask import Flask

from events.messages import jobs
from events.messages.views import blueprint

MODULES = (jobs,)  # decorators in these modules declare jobs


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
