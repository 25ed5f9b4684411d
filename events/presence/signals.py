"""Signals of presence."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ReactionSent:
    """`kind` is applause, heart or idea. Reactions are not stored."""

    livestream_id: str
    kind: str


@dataclass(frozen=True)
class LivestreamHeartbeat:
    """A tab was present. Written in batches: see `listeners.batch_mark`."""

    livestream_id: str
    user_id: str
    tab: str
    at: datetime
    desk: bool = False


@dataclass(frozen=True)
class LivestreamLeft:
    """A tab left one livestream, or, when its socket closed, all of them."""

    tab: str
    at: datetime
    livestream_id: str | None = None
