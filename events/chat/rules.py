"""Pure rules of chat: when a room accepts messages, until when one may be edited, and links in it."""

from datetime import datetime, timedelta

from events.core.text.markup import linked
from events.livestreams.rules.states import GATHERED, OVER

POST_RATE = "5 per 10 seconds"  # per person, over frames and forms together
EDIT_WITHIN = timedelta(minutes=10)
OPEN_AFTER_END = timedelta(hours=2)
MUTED_FOR = timedelta(minutes=30)


def why_closed(state: str, ended_at: datetime | None, moment: datetime) -> str | None:
    """The error code why the room accepts no messages now; None if it does."""
    if state in GATHERED:
        return None
    if state in {"draft", "announced"}:
        return "chat_not_open"
    if state in OVER and ended_at is not None and moment < ended_at + OPEN_AFTER_END:
        return None
    return "chat_closed"


def may_still_edit(sent_at: datetime, moment: datetime) -> bool:
    return moment <= sent_at + EDIT_WITHIN


def html_of(body: str) -> str | None:
    """The message as HTML if it has links; None if plain text says it all."""
    html = linked(body) if "://" in body else ""
    return str(html) if "<a " in html else None
