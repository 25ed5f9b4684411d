"""Signals of polls."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PollChanged:
    """Opened or closed. A vote is not announced: only voters may see its counts."""

    livestream_id: str
    poll_id: str
