"""What happened with people's time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RefreshRequested:
    """A calendar of this person is to be read now."""

    user_id: str
