"""Reads about recordings, limited to what the reader may watch."""

from events.recordings.queries.one import (
    Panel,
    SaidLine,
    count_rewatchers,
    draft_of,
    get_watchable,
    length_of,
    list_chapters,
    list_said,
    list_told,
    panel_of,
    progress_of,
    recording_of,
    suggested_chapters,
)
from events.recordings.queries.shelf import (
    ShelfItem,
    Unfinished,
    list_shelf,
    list_unfinished,
    list_unseen,
)

__all__ = [
    "Panel",
    "SaidLine",
    "ShelfItem",
    "Unfinished",
    "count_rewatchers",
    "draft_of",
    "get_watchable",
    "length_of",
    "list_chapters",
    "list_said",
    "list_shelf",
    "list_told",
    "list_unfinished",
    "list_unseen",
    "panel_of",
    "progress_of",
    "recording_of",
    "suggested_chapters",
]
