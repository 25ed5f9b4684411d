"""What happens in a room."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EntryAdded:
    """A line was posted, edited, deleted or pinned: entry `seq` of the room."""

    room_id: str
    seq: int
    entry_id: str


@dataclass(frozen=True)
class PersonMuted:
    """Someone may read but not write in that room until a moment."""

    room_id: str
    user_id: str
