"""The pages of rounds: saying yes, how a round goes, and its draft."""

from events.matching.views import drafts, rounds
from events.matching.views.saying import blueprint

__all__ = ["blueprint", "drafts", "rounds"]
