"""Pages of the chat beside a film: read by the second of the film, or by the number of a line."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session

from events.chat.queries.entries import ChatMessage, find_seq_at, list_messages
from events.chat.queries.rooms import room_of
from events.livestreams.models import Livestream
from events.recordings import rules
from events.recordings.models import Recording

LINES_A_PAGE = 50
ENTRIES_BEFORE = 10  # a page at a second of the film begins so many entries earlier


@dataclass(frozen=True)
class ReplayMessage:
    """A chat line at its second of the film."""

    second: int
    line: ChatMessage


@dataclass(frozen=True)
class ChatPage:
    """One page of what was said. The page before ends before line `earlier`, the next begins at `later`."""

    lines: list[ReplayMessage] = field(default_factory=list)
    earlier: int | None = None
    later: int | None = None


def read_chat_page(
    db: Session, livestream: Livestream, recording: Recording, place: rules.MediaPosition
) -> ChatPage:
    """What was said, each line at its second of the film; what was deleted stays away."""
    room = room_of(db, livestream.id)
    if room is None or recording.zero_at is None:
        return ChatPage()
    zero_at, first = recording.zero_at, place.first
    if place.second is not None:
        at = find_seq_at(db, room.id, zero_at + timedelta(seconds=place.second + 1))
        first = max(0, at - ENTRIES_BEFORE)
    back = place.before is not None
    found = list_messages(db, room.id, LINES_A_PAGE + 1, first=first, before=place.before)
    over = len(found) > LINES_A_PAGE
    found = (found[1:] if back else found[:-1]) if over else found
    if not found:
        return ChatPage()
    earlier = over if back else bool(first) and bool(list_messages(db, room.id, 1, before=found[0].seq))
    later = back or over
    return ChatPage(
        [ReplayMessage(rules.second_of(line.sent_at, zero_at), line) for line in found],
        earlier=found[0].seq if earlier else None,
        later=found[-1].seq + 1 if later else None,
    )
