"""Registers this feature with the application: pages, jobs, listeners and hooks."""

from flask import Flask

from events.accounts.queries.people import register_key_page
from events.coffees.queries.round_offers import register_round_offers
from events.rounds import jobs, listeners
from events.rounds.queries.preferences import pause_path
from events.rounds.queries.rounds import round_path
from events.rounds.queries.ways_back import find_offer
from events.rounds.views import circle, drafts, joining, one_more_time, preferences, rounds, shelf, ways_back
from events.rounds.views.opting_in import blueprint

# Decorators in these modules declare pages, frames, jobs and listeners.
MODULES = (
    circle,
    drafts,
    joining,
    one_more_time,
    preferences,
    rounds,
    shelf,
    ways_back,
    jobs,
    listeners,
)


def register(app: Flask) -> None:
    register_key_page("round", round_path)
    register_key_page("pause", pause_path)
    register_round_offers(find_offer)
    app.register_blueprint(blueprint)
