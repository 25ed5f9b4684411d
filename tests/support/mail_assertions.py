"""Reading mails in tests: who got what, its links, its parts and its calendar file."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from icalendar import Calendar

from events.accounts.models import User

LINK = re.compile(r"https?://[^\s\"<>]+")


def mails_to(sent: list[EmailMessage], person: User) -> list[EmailMessage]:
    return [mail for mail in sent if mail["To"].addresses[0].addr_spec == person.email]


def addresses(sent: list[EmailMessage]) -> list[str]:
    """Everybody a mail went to, sorted; twice when there were two."""
    return sorted(mail["To"].addresses[0].addr_spec for mail in sent)


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def path_in(mail: EmailMessage, contains: str) -> str:
    """The path of the first link of the text part that contains this."""
    found = next(link for link in LINK.findall(text_of(mail)) if contains in link)
    return str(found).removeprefix("http://localhost:8000")


@dataclass(frozen=True)
class Invite:
    """A calendar file of one entry, read back."""

    method: str
    uid: str
    sequence: int
    starts_at: datetime
    attendee: str
    location: str
    partstat: str
    organizer: str
    status: str


def has_invite(mail: EmailMessage) -> bool:
    return any(part.get_content_subtype() in {"calendar", "ics"} for part in mail.walk())


def invite_in(mail: EmailMessage) -> Invite:
    """The calendar file; both copies are the same, and so are the METHOD of the header and the body."""
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    (file,) = [part for part in mail.walk() if part.get_content_type() == "application/ics"]
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    assert data == file.get_payload(decode=True)
    assert data.count(b"\n") == data.count(b"\r\n")
    calendar: Any = Calendar.from_ical(data)
    assert part.get_param("method") == calendar["METHOD"]
    (entry,) = calendar.walk("VEVENT")
    return Invite(
        method=str(calendar["METHOD"]),
        uid=str(entry["UID"]),
        sequence=int(entry["SEQUENCE"]),
        starts_at=entry["DTSTART"].dt,
        attendee=str(entry["ATTENDEE"]),
        location=str(entry.get("LOCATION", "")),
        partstat=str(entry["ATTENDEE"].params["PARTSTAT"]),
        organizer=str(entry["ORGANIZER"]),
        status=str(entry["STATUS"]),
    )
