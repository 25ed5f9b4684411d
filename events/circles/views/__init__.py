"""The doors of circles: the circle itself, its people, its topics."""

from events.accounts.queries import register_key_page
from events.circles.queries.keys import circle_name, pending_name, pending_path, welcome_path
from events.circles.views import importing, joining, people, topics
from events.circles.views.circle import blueprint

register_key_page("join", welcome_path, circle_name)
register_key_page("confirm", pending_path, pending_name)
register_key_page("sign_in", pending_path, pending_name)

__all__ = ["blueprint", "importing", "joining", "people", "topics"]
