"""What happens to rounds and to a nazit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RoundOpened:
    round_id: str


@dataclass(frozen=True)
class RoundMoved:
    """It closes and is published later than planned, because the recording came later."""

    round_id: str


@dataclass(frozen=True)
class RoundClosed:
    """An organiser closed it early; its coffees are due at once."""

    round_id: str


@dataclass(frozen=True)
class OptedIn:
    opt_in_id: str


@dataclass(frozen=True)
class OptInReopened:
    """Whoever was left by another's no, or by silence, waits for another coffee."""

    round_id: str


@dataclass(frozen=True)
class RoundPublished:
    """The coffees of a wave are proposed: 0 is the round itself, later ones repair or serve who came late."""

    round_id: str
    wave: int


@dataclass(frozen=True)
class PersonUnmatched:
    """Nobody fitted this person this time; they hear the next date and go first then."""

    round_id: str
    user_id: str


@dataclass(frozen=True)
class DraftRequested:
    """The draft is to be made, or made again: someone stepped out, or an organiser asked for another."""

    round_id: str
    attempt: int


@dataclass(frozen=True)
class DraftMade:
    """The coffees stand as a draft; `first` when its organisers have not seen one yet."""

    round_id: str
    first: bool


@dataclass(frozen=True)
class DraftReleased:
    """An organiser pressed: the coffees are proposed in a few minutes, earlier than planned."""

    round_id: str


@dataclass(frozen=True)
class AlwaysOptedIn:
    """A yes was said for someone who always says yes; they may change it or take it back."""

    opt_in_id: str


@dataclass(frozen=True)
class SilentMemberPaused:
    """Someone left three proposals in a row unanswered and is asked no more until they come back."""

    circle_id: str
    user_id: str
