"""Registers this feature with the application: pages."""

from flask import Flask

from events.companies.views.companies import blueprint


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
