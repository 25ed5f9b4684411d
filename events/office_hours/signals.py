"""Signals of office hours."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OfficeHoursChanged:
    """One person's office hours were offered, taken, freed or withdrawn; `open_ids` can be taken now."""

    livestream_id: str
    user_id: str
    open_ids: tuple[str, ...]
