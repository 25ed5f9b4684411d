"""Signals of the after-talk."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AftertalkAdvanced:
    """The state changed; `step` names the new one."""

    aftertalk_id: str
    step: int


@dataclass(frozen=True)
class ParticipantFreed:
    """Someone may be without a partner within a turn; pair in `after` seconds."""

    aftertalk_id: str
    after: int


@dataclass(frozen=True)
class AftertalkChanged:
    """Open pages of these people reload."""

    aftertalk_id: str
    user_ids: tuple[str, ...]
