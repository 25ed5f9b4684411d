"""Signals of incoming mail."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReplyPassedOn:
    """Someone answered one of our mails; `to_ids` are those who are to read it."""

    reply_id: str
    to_ids: tuple[str, ...]


@dataclass(frozen=True)
class ReplyRefused:
    """An answer reached nobody, and its author should know; the row of the mail says why."""

    incoming_id: str
    user_id: str
