"""Registers this feature with the application: pages and the page of its key."""

from flask import Flask

from events.accounts.queries.people import register_key_page
from events.welcomes.queries import welcome_path
from events.welcomes.views import blueprint


def register(app: Flask) -> None:
    register_key_page("welcome", welcome_path)
    app.register_blueprint(blueprint)
