"""What happens to livestreams."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LivestreamPublished:
    livestream_id: str


@dataclass(frozen=True)
class LivestreamMoved:
    """Its time changed after it was published."""

    livestream_id: str


@dataclass(frozen=True)
class HostChanged:
    """Another host after it was published; `former_id` hosted it until now."""

    livestream_id: str
    former_id: str


@dataclass(frozen=True)
class LivestreamCancelled:
    livestream_id: str


@dataclass(frozen=True)
class LivestreamStateChanged:
    """Any change of state, source or agenda item that open pages must follow."""

    livestream_id: str
    version: int


@dataclass(frozen=True)
class LivestreamStarted:
    livestream_id: str


@dataclass(frozen=True)
class LivestreamEnded:
    livestream_id: str
