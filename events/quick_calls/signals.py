"""Signals of quick calls."""

from dataclasses import dataclass


@dataclass(frozen=True)
class QuickCallFound:
    """Two people who offered a quarter of an hour have a coffee that begins now."""

    circle_id: str
    coffee_id: str
    user_ids: tuple[str, ...]
