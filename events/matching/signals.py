"""What happens to rounds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RoundOpened:
    round_id: str


@dataclass(frozen=True)
class YesSaid:
    yes_id: str


@dataclass(frozen=True)
class RoundPublished:
    round_id: str
    wave: int


@dataclass(frozen=True)
class LeftWithout:
    """Nobody fitted this person this time; they hear the next date and go first then."""

    round_id: str
    user_id: str
