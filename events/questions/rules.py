"""When questions are taken, and in which order they stand."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from events.livestreams.rules.states import OPEN, OVER

ASK_RATE = "5 per minute"  # of one person, through whichever door
VOTE_RATE = "40 per minute"
# Asking starts when there is something to look forward to, and goes on beside the recording.
ASKING_STATES = (*OPEN, *OVER)


class Ranked(Protocol):
    @property
    def state(self) -> str: ...
    @property
    def votes(self) -> int: ...
    @property
    def asked_at(self) -> datetime: ...


R = TypeVar("R", bound=Ranked)


def in_order(questions: Iterable[R]) -> list[R]:
    """The one on the stage, then by votes; among equals who asked first."""
    return sorted(questions, key=lambda one: (one.state != "live", -one.votes, one.asked_at))
