"""Registers this feature with the application: pages, jobs and hooks."""

from flask import Flask

from events.accounts.queries.people import register_key_page
from events.stage import jobs
from events.stage.queries import page_path, page_title
from events.stage.views import held
from events.stage.views.pages import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (held, jobs)


def register(app: Flask) -> None:
    register_key_page("livestream", page_path, page_title)
    app.register_blueprint(blueprint)
