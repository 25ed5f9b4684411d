"""What happens to polls."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PollChanged:
    """Opened, voted in or closed."""

    livestream_id: str
    poll_id: str
