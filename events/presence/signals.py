"""What happens at the door of a livestream."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ReactionSent:
    """Somebody applauded, liked or had an idea: `kind` is applause, heart or idea. It is kept nowhere."""

    livestream_id: str
    kind: str


@dataclass(frozen=True)
class LivestreamHeartbeat:
    """A tab was there at a moment. It is written with others: see `listeners.note`."""

    livestream_id: str
    user_id: str
    tab: str
    at: datetime
    desk: bool = False


@dataclass(frozen=True)
class LivestreamLeft:
    """A tab went from a livestream, or, when it closed, from every one it was at."""

    tab: str
    at: datetime
    livestream_id: str | None = None
