"""Signals of rounds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RoundOpened:
    round_id: str


@dataclass(frozen=True)
class RoundMoved:
    """Closing and publication moved to a later time, for viewers of the recording."""

    round_id: str


@dataclass(frozen=True)
class RoundClosed:
    """Closed early by an organiser."""

    round_id: str


@dataclass(frozen=True)
class OptedIn:
    opt_in_id: str


@dataclass(frozen=True)
class OptInReopened:
    """People wait again after a partner declined or did not answer."""

    round_id: str


@dataclass(frozen=True)
class RoundPublished:
    """Coffees of a wave are proposed: 0 is the round itself, later waves repair and serve late opt-ins."""

    round_id: str
    wave: int


@dataclass(frozen=True)
class PersonUnmatched:
    """No partner was found; they have priority in the next round."""

    round_id: str
    user_id: str


@dataclass(frozen=True)
class DraftRequested:
    """A solver run is needed: after closing, a withdrawal or a request of an organiser."""

    round_id: str
    attempt: int


@dataclass(frozen=True)
class DraftMade:
    """`first` when organisers have not seen a draft of this round yet."""

    round_id: str
    first: bool


@dataclass(frozen=True)
class DraftReleased:
    """Publication moved forward by an organiser."""

    round_id: str


@dataclass(frozen=True)
class AlwaysOptedIn:
    """An automatic opt-in, which the member can change or withdraw."""

    opt_in_id: str


@dataclass(frozen=True)
class SilentMemberPaused:
    """Paused after MAX_UNANSWERED proposals in a row without an answer."""

    circle_id: str
    user_id: str
