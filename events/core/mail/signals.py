"""What happens to mail on its way out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MailRefused:
    """The mail server would not take a mail for this address, for good; `status` as in RFC 3463."""

    mail_id: str
    status: str
