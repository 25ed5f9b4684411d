"""Registers this feature with the application: pages, jobs, listeners and hooks."""

from flask import Flask

from events.accounts.queries.people import register_key_page
from events.circles import jobs, listeners
from events.circles.queries.keys import circle_name, pending_name, pending_path, welcome_path
from events.circles.rules import tile_colours
from events.circles.views import importing, invitation_mail, joining, people, public_page, topics, welcome
from events.circles.views.circle import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    importing,
    invitation_mail,
    joining,
    people,
    public_page,
    topics,
    welcome,
    jobs,
    listeners,
)


def register(app: Flask) -> None:
    register_key_page("join", welcome_path, circle_name)
    register_key_page("confirm", pending_path, pending_name)
    register_key_page("sign_in", pending_path, pending_name)
    app.jinja_env.filters["tile_colours"] = tile_colours
    app.register_blueprint(blueprint)
