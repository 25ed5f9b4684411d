"""The doors of circles: the circle itself, its people, its topics."""

from events.accounts.queries import register_key_page
from events.circles.queries import welcome_path
from events.circles.views import importing, joining, people, topics
from events.circles.views.circle import blueprint

register_key_page("join", welcome_path)

__all__ = ["blueprint", "importing", "joining", "people", "topics"]
