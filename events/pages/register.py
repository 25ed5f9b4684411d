"""Registers this feature with the application: pages, and what other features' pages show of it."""

from flask import Flask

from events.circles.queries.page_parts import register_page_parts
from events.pages.queries.circle_page import circle_page_of
from events.pages.views import circle_page, sitemap
from events.pages.views.first_steps import first_steps
from events.pages.views.home import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    circle_page,
    sitemap,
)


def register(app: Flask) -> None:
    register_page_parts(circle_page_of)
    app.jinja_env.globals["first_steps"] = first_steps
    app.register_blueprint(blueprint)
