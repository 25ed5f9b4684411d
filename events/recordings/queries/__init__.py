"""Reads about recordings, limited to what the reader may watch."""

from events.recordings.queries.one import (
    Panel,
    count_rewatchers,
    count_told,
    draft_of,
    get_watchable,
    length_of,
    list_chapters,
    list_told,
    panel_of,
    progress_of,
    recording_of,
    suggested_chapters,
)
from events.recordings.queries.said import LINES_A_PAGE, Said, SaidLine, read_said
from events.recordings.queries.shelf import (
    ShelfItem,
    Unfinished,
    list_shelf,
    list_unfinished,
    list_unseen,
)

__all__ = [
    "LINES_A_PAGE",
    "Panel",
    "Said",
    "SaidLine",
    "ShelfItem",
    "Unfinished",
    "count_rewatchers",
    "count_told",
    "draft_of",
    "get_watchable",
    "length_of",
    "list_chapters",
    "list_shelf",
    "list_told",
    "list_unfinished",
    "list_unseen",
    "panel_of",
    "progress_of",
    "read_said",
    "recording_of",
    "suggested_chapters",
]
