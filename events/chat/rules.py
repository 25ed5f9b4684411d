"""Pure rules of chat: when a room accepts messages and edits, when unread ones are mailed, links."""

from datetime import datetime, timedelta

from events.core.text.markup import linked
from events.livestreams.rules.states import GATHERED, OVER

POST_RATE = "5 per 10 seconds"  # per person, over frames and forms together
SEEN_RATE = "60 per minute"
EDIT_WITHIN = timedelta(minutes=10)
OPEN_AFTER_END = timedelta(hours=2)
MUTED_FOR = timedelta(minutes=30)
MAIL_AFTER = timedelta(minutes=5)  # unread for so long, a message is mailed
MAIL_APART = timedelta(hours=1)  # between mails while the last one is unread


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


def mail_at(moment: datetime, last_mail_at: datetime | None, *, read_since: bool) -> datetime | None:
    """When unread messages are mailed; None while a planned mail will contain them."""
    if last_mail_at is not None and last_mail_at > moment:
        return None
    if last_mail_at is None or read_since:
        return moment + MAIL_AFTER
    return max(moment + MAIL_AFTER, last_mail_at + MAIL_APART)


def html_of(body: str) -> str | None:
    """The message as HTML if it has links; None if plain text says it all."""
    html = linked(body) if "://" in body else ""
    return str(html) if "<a " in html else None
