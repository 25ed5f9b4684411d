"""Reads about what came back by mail."""

from events.replies.queries.conversations import (
    Conversation,
    count_refused,
    count_written,
    find_conversation,
    hearers_of,
)
from events.replies.queries.intake import (
    INBOX,
    count_apart,
    find_incoming,
    find_livestream,
    find_seat,
    holder,
    is_overtaken,
    mark_of,
    was_asked,
)

__all__ = [
    "INBOX",
    "Conversation",
    "count_apart",
    "count_refused",
    "count_written",
    "find_conversation",
    "find_incoming",
    "find_livestream",
    "find_seat",
    "hearers_of",
    "holder",
    "is_overtaken",
    "mark_of",
    "was_asked",
]
