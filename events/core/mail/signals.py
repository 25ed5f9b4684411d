"""Signals of outgoing mail."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MailRefused:
    """The mail server permanently refused a recipient; `status` as in RFC 3463."""

    mail_id: str
    status: str
