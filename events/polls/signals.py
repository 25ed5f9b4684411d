"""What happens to polls."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PollChanged:
    """Opened or closed. A vote alone tells nobody anything: its counts are for those who voted."""

    livestream_id: str
    poll_id: str
