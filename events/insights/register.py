"""Registers this feature with the application: pages."""

from flask import Flask

from events.insights.views import circle
from events.insights.views.livestream import blueprint

# Decorators in these modules declare pages.
MODULES = (circle,)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
