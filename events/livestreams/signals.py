"""Signals of livestreams."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LivestreamPublished:
    livestream_id: str


@dataclass(frozen=True)
class LivestreamMoved:
    """The time changed after publishing."""

    livestream_id: str


@dataclass(frozen=True)
class CapacityChanged:
    """The limit on places changed after publishing."""

    livestream_id: str


@dataclass(frozen=True)
class HostChanged:
    """The host changed after publishing; `former_id` was the host before."""

    livestream_id: str
    former_id: str


@dataclass(frozen=True)
class LivestreamCancelled:
    livestream_id: str


@dataclass(frozen=True)
class LivestreamStateChanged:
    """A change of state, source or agenda item that open pages follow."""

    livestream_id: str
    version: int


@dataclass(frozen=True)
class LivestreamStarted:
    livestream_id: str


@dataclass(frozen=True)
class LivestreamEnded:
    livestream_id: str


@dataclass(frozen=True)
class LivestreamEndTakenBack:
    """It is live again, within minutes of its end."""

    livestream_id: str


@dataclass(frozen=True)
class LivestreamMissed:
    """Announced, and nobody started it."""

    livestream_id: str
