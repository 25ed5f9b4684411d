"""Signals of availability."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RefreshRequested:
    """A calendar of this person is to be refreshed now."""

    user_id: str
