"""Chat replay: pages of messages with their second of the video, by second or message number."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session

from events.chat.queries.entries import ChatMessage, find_seq_at, list_messages
from events.chat.queries.rooms import room_of
from events.livestreams.models import Livestream
from events.recordings import rules
from events.recordings.models import Recording

LINES_A_PAGE = 50
ENTRIES_BEFORE = 10  # entries before the requested second, for context


@dataclass(frozen=True)
class ReplayMessage:
    """A chat message at its second of the video."""

    second: int
    line: ChatMessage


@dataclass(frozen=True)
class ChatPage:
    """A page of messages. The previous page ends before `earlier`, the next begins at `later`."""

    lines: list[ReplayMessage] = field(default_factory=list)
    earlier: int | None = None
    later: int | None = None


def read_chat_page(
    db: Session, livestream: Livestream, recording: Recording, position: rules.MediaPosition
) -> ChatPage:
    """Current messages only; deleted ones are left out."""
    room = room_of(db, livestream.id)
    if room is None or recording.zero_at is None:
        return ChatPage()
    zero_at, first = recording.zero_at, position.first
    if position.second is not None:
        at = find_seq_at(db, room.id, zero_at + timedelta(seconds=position.second + 1))
        first = max(0, at - ENTRIES_BEFORE)
    back = position.before is not None
    found = list_messages(db, room.id, LINES_A_PAGE + 1, first=first, before=position.before)
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
