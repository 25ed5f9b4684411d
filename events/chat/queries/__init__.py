"""Reads about rooms: who may what there, the entries, the lines they add up to, and the panel of a page."""

from events.chat.policy import RoomRights
from events.chat.queries.entries import (
    PAGE,
    Line,
    entry_data,
    find_last_about,
    find_line,
    find_sent,
    find_seq_at,
    has_spoken,
    html_of,
    list_entries,
    list_lines,
    read_entries,
)
from events.chat.queries.panels import Panel, panel_of
from events.chat.queries.recent import remember_posted, take_recent
from events.chat.queries.rooms import (
    Finder,
    find_mute,
    find_room,
    is_muted,
    last_seq,
    list_last_seqs,
    list_room_names,
    livestream_room,
    name_of,
    register_finder,
    room_of,
)

__all__ = [
    "PAGE",
    "Finder",
    "Line",
    "Panel",
    "RoomRights",
    "entry_data",
    "find_last_about",
    "find_line",
    "find_mute",
    "find_room",
    "find_sent",
    "find_seq_at",
    "has_spoken",
    "html_of",
    "is_muted",
    "last_seq",
    "list_entries",
    "list_last_seqs",
    "list_lines",
    "list_room_names",
    "livestream_room",
    "name_of",
    "panel_of",
    "read_entries",
    "register_finder",
    "remember_posted",
    "room_of",
    "take_recent",
]
