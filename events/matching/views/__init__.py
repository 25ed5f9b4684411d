"""The pages of rounds and of a nazit: saying yes, how a round goes and its draft; talking right after."""

from events.matching.views import drafts, nazit, rounds
from events.matching.views.saying import blueprint

__all__ = ["blueprint", "drafts", "nazit", "rounds"]
