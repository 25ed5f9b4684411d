"""Signals of the after-talk."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AftertalkAdvanced:
    """It gathers, talks, rests or is over; the next step comes when this one ends."""

    aftertalk_id: str
    step: int


@dataclass(frozen=True)
class ParticipantFreed:
    """Somebody may have nobody to talk to within a turn; `after` seconds we look for one."""

    aftertalk_id: str
    after: int


@dataclass(frozen=True)
class AftertalkChanged:
    """It looks different for these people; their open pages read themselves anew."""

    aftertalk_id: str
    user_ids: tuple[str, ...]
