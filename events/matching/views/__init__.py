"""The pages of rounds and of a nazit: saying yes, how a round goes and its draft; talking right after."""

from events.accounts.queries import register_key_page
from events.matching.queries import pause_path, round_path
from events.matching.views import circle, drafts, joining, nazit, rounds, shelf, standing
from events.matching.views.saying import blueprint

register_key_page("round", round_path)
register_key_page("pause", pause_path)

__all__ = [
    "blueprint",
    "circle",
    "drafts",
    "joining",
    "nazit",
    "rounds",
    "shelf",
    "standing",
]
