"""Signals of chat."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EntryAdded:
    """Entry `seq` of the room: a message was posted, edited, deleted or pinned."""

    room_id: str
    seq: int
    entry_id: str


@dataclass(frozen=True)
class PersonMuted:
    """The person may read but not write in the room until a time."""

    room_id: str
    user_id: str


@dataclass(frozen=True)
class PrivateMessagePosted:
    """A message in a room that keeps read marks; not announced for words that came by mail."""

    room_id: str
    subject_id: str
    seq: int
    author_id: str
