"""The doors of coffees: the card with its answers, and what comes after."""

from events.accounts.queries import register_key_page
from events.chat.queries import register_finder
from events.coffees import queries
from events.coffees.views import after, booking, details, introducing, inviting, looking_back, reaching
from events.coffees.views.card import blueprint

register_key_page("coffee", queries.key_path)
register_key_page("introduction", queries.introduction_path)
register_finder("coffee", queries.coffee_room)

__all__ = ["after", "blueprint", "booking", "details", "introducing", "inviting", "looking_back", "reaching"]
