"""Signals of guests."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GuestPlaceRequested:
    """A guest asks for a place; the team decides."""

    guest_id: str


@dataclass(frozen=True)
class GuestDeclined:
    guest_id: str
