"""Mails that come in: what calendar programs, people and mail servers send to our mailbox."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import make_msgid

from tests.support.mail_assertions import Invite

OURS = "koffie@ontmoet.test"


def calendar_reply(
    invite: Invite,
    partstat: str,
    *,
    stamp: datetime,
    sender: str | None = None,
    attendee: str | None = None,
    method: str = "REPLY",
    **changes: str,
) -> EmailMessage:
    """What a calendar program answers to an invitation; `changes` replace whole lines of the entry."""
    address = invite.attendee.removeprefix("mailto:")
    lines = {
        "UID": invite.uid,
        "SEQUENCE": str(invite.sequence),
        "DTSTAMP": f"{stamp:%Y%m%dT%H%M%SZ}",
        "DTSTART": f"{invite.starts_at:%Y%m%dT%H%M%SZ}",
        "ORGANIZER": f"mailto:{OURS}",
        f"ATTENDEE;PARTSTAT={partstat}": f"mailto:{attendee or address}",
        "SUMMARY": "Koffie",
    } | changes
    entry = "\r\n".join(f"{name}:{value}" for name, value in lines.items())
    file = (
        f"BEGIN:VCALENDAR\r\nPRODID:-//Agenda//NL\r\nVERSION:2.0\r\nMETHOD:{method}\r\n"
        f"BEGIN:VEVENT\r\n{entry}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    mail = person_mail(sender or address, f"Geaccepteerd: {partstat}", "Ja.")
    mail.add_alternative(
        file.encode(), maintype="text", subtype="calendar", params={"method": method, "charset": "utf-8"}
    )
    return mail


def person_mail(sender: str, subject: str, body: str, *, answers: EmailMessage | None = None) -> EmailMessage:
    """A mail that someone wrote, as an answer to one of ours or out of the blue."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = OURS
    mail["Subject"] = subject
    mail["Message-ID"] = make_msgid(domain="elders.test")
    if answers is not None:
        mail["In-Reply-To"] = str(answers["Message-ID"])
        mail["References"] = str(answers["Message-ID"])
    mail.set_content(body)
    return mail


def with_header(mail: EmailMessage, name: str, value: str) -> EmailMessage:
    """The same mail with one more header; an older one of that name goes."""
    del mail[name]
    mail[name] = value
    return mail
