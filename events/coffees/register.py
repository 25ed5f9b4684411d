"""Registers this feature with the application: pages, jobs, listeners and hooks."""

from flask import Flask

from events.accounts.queries.people import register_key_page
from events.chat.queries.rooms import register_room_finder
from events.coffees import jobs, listeners
from events.coffees.queries.coffees import key_path
from events.coffees.queries.introductions import introduction_path
from events.coffees.queries.room import KIND, coffee_room
from events.coffees.views import contact_sharing, introductions, messages, month_later, outcomes, venue
from events.coffees.views.coffee_page import blueprint
from events.coffees.views.status_badges import BADGES

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    contact_sharing,
    introductions,
    messages,
    month_later,
    outcomes,
    venue,
    jobs,
    listeners,
)


def register(app: Flask) -> None:
    register_key_page("coffee", key_path)
    register_key_page("introduction", introduction_path)
    register_room_finder(KIND, coffee_room)
    app.jinja_env.globals["coffee_badges"] = BADGES
    app.register_blueprint(blueprint)
