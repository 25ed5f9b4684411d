"""Chat replay: pages of messages with their second of the video, by second or message number."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session

from events.chat.queries.entries import ChatMessage
from events.chat.queries.message_pages import read_messages_before, read_messages_from
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
    if recording.zero_at is None:
        return ChatPage()
    zero_at = recording.zero_at
    if position.before is not None:
        page = read_messages_before(db, livestream.id, LINES_A_PAGE, position.before)
    elif position.second is not None:
        moment = zero_at + timedelta(seconds=position.second + 1)
        page = read_messages_from(db, livestream.id, LINES_A_PAGE, ENTRIES_BEFORE, moment)
    else:
        page = read_messages_from(db, livestream.id, LINES_A_PAGE, position.first or 0)
    found = page.messages
    return ChatPage(
        [ReplayMessage(rules.second_of(line.sent_at, zero_at), line) for line in found],
        earlier=found[0].seq if page.earlier else None,
        later=found[-1].seq + 1 if page.later else None,
    )
