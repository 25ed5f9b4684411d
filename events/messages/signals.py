"""Signals of organisers' messages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MessageSent:
    """Its recipients are chosen; whoever comes later does not get it."""

    message_id: str


@dataclass(frozen=True)
class MessageTested:
    """Its writer wants to see it in their own mailbox; `number` tells one test from the next."""

    message_id: str
    user_id: str
    number: int
