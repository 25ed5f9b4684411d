"""Registers this feature with the application: pages and the page of its key."""

from flask import Flask

from events.accounts.queries.people import register_key_page
from events.companies.queries import handover_path
from events.companies.views import handing_on
from events.companies.views.companies import blueprint

# Decorators in these modules declare pages.
MODULES = (handing_on,)


def register(app: Flask) -> None:
    register_key_page("colleague", handover_path)
    app.register_blueprint(blueprint)
