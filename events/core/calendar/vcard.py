"""vCard 3.0 writer (RFC 2426), whose plain phone numbers more programs support than those of 4.0."""

from dataclasses import dataclass
from datetime import UTC, datetime

from events.core.text.markup import ENDS_A_LINE

MAX_LINE_OCTETS = 75  # without the line end


@dataclass(frozen=True)
class Contact:
    """Fields of a card; empty ones are left out. `phone` is E.164."""

    uid: str
    name: str
    company: str = ""
    title: str = ""
    phone: str = ""
    email: str = ""
    url: str = ""
    note: str = ""


def contact_file(contact: Contact, moment: datetime) -> bytes:
    """One card in UTF-8 with CRLF and folded lines."""
    given, _, family = contact.name.partition(" ")
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"UID:{_text(contact.uid)}",
        f"FN:{_text(contact.name)}",
        f"N:{_text(family)};{_text(given)};;;",
    ]
    lines += [
        f"{field}:{value}"
        for field, value in (
            ("ORG", _text(contact.company)),
            ("TITLE", _text(contact.title)),
            ("TEL", _text(contact.phone)),
            ("EMAIL", _text(contact.email)),
            ("URL", _one_line(contact.url)),
            ("NOTE", _text(contact.note)),
        )
        if value
    ]
    lines += [f"REV:{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "END:VCARD"]
    return b"".join(_folded(line) for line in lines)


def _text(value: str) -> str:
    """Escape commas, semicolons, backslashes and line ends."""
    escaped = value.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return _one_line(escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n"))


def _one_line(value: str) -> str:
    """Remove characters that could start a new line; joiners stay."""
    return ENDS_A_LINE.sub("", value)


def _folded(line: str) -> bytes:
    """Fold at 75 octets without splitting a character."""
    parts, part = [], b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > MAX_LINE_OCTETS:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part]) + b"\r\n"
