"""iTIP (RFC 5546): writes REQUEST, CANCEL and PUBLISH files and reads REPLY and COUNTER, by
icalendar.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from icalendar import Calendar, Event, vCalAddress, vText

from events.core import clock
from events.core.text.markup import header_line

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]


@dataclass(frozen=True)
class Mailbox:
    """Name and email address of an organizer or attendee."""

    name: str
    address: str


@dataclass(frozen=True)
class Entry:
    """One VEVENT. Times are UTC; `sequence` rises with every real change."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    cancelled: bool = False
    attendee: Mailbox | None = None
    accepted: bool = False
    tentative: bool = False  # a proposed new time


_END = b"END:VCALENDAR\r\n"


def calendar_file(entries: list[Entry], method: Method, organizer: Mailbox, *, name: str = "") -> bytes:
    """An iCalendar file. REQUEST and CANCEL take exactly one entry with an attendee, else
    ValueError.
    """
    if method != "PUBLISH" and (len(entries) != 1 or entries[0].attendee is None):
        raise ValueError("an invitation holds one entry for one attendee")
    calendar = Calendar()
    calendar.add("prodid", "-//Ontmoet//Ontmoet//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", _clean(name))
        calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    if method != "PUBLISH":
        calendar.add_component(_component(entries[0], method, organizer))
    written: bytes = calendar.to_ical()
    if method == "PUBLISH":
        events = b"".join(_published(entry, organizer) for entry in entries)
        written = written.removesuffix(_END) + events + _END
    return written


@lru_cache(maxsize=4096)
def _published(entry: Entry, organizer: Mailbox) -> bytes:
    """Cached, since feeds repeat unchanged entries; DTSTAMP is when this one was first written."""
    written: bytes = _component(entry, "PUBLISH", organizer).to_ical()
    return written


def _component(entry: Entry, method: Method, organizer: Mailbox) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", clock.now())
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", _clean(entry.summary))
    if entry.description:
        event.add("description", _clean(entry.description))
    if entry.location:
        event.add("location", _clean(entry.location))
    if entry.url:
        event.add("url", entry.url)
    cancelled = entry.cancelled or method == "CANCEL"
    agreed = "TENTATIVE" if entry.tentative else "CONFIRMED"
    event.add("status", "CANCELLED" if cancelled else agreed)
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    event.add("organizer", _party(organizer), encode=False)
    if method != "PUBLISH":
        event.add("attendee", _attendee(entry, method), encode=False)
    return event


def _attendee(entry: Entry, method: Method) -> vCalAddress:
    assert entry.attendee is not None  # noqa: S101 - checked by calendar_file
    party = _party(entry.attendee)
    party.params["CUTYPE"] = vText("INDIVIDUAL")
    party.params["ROLE"] = vText("REQ-PARTICIPANT")
    party.params["PARTSTAT"] = vText("ACCEPTED" if entry.accepted else "NEEDS-ACTION")
    if method == "REQUEST":
        party.params["RSVP"] = vText("TRUE")
    return party


def _party(mailbox: Mailbox) -> vCalAddress:
    party = vCalAddress(f"mailto:{mailbox.address}")
    # RFC 6868 quoting is not widely supported, so quotes are replaced.
    party.params["CN"] = vText(header_line(mailbox.name).replace('"', "'"))
    return party


def _clean(value: str) -> str:
    """The lines as typed, without characters that would break them."""
    return "\n".join(header_line(line) for line in value.replace("\r\n", "\n").split("\n"))


@dataclass(frozen=True)
class Answer:
    """A calendar program's reply for one attendee. `stamped_at` is DTSTAMP in ISO format."""

    method: str
    uid: str
    sequence: int
    attendee: str
    partstat: str
    stamped_at: str
    comment: str = ""
    starts_at: str = ""


def read_answer(data: bytes) -> Answer | None:
    """Parse a REPLY or COUNTER for one entry and one attendee; None for others. Run in a child
    process.
    """
    try:
        calendar: Any = Calendar.from_ical(data)
        events = calendar.walk("VEVENT")
        method = str(calendar.get("METHOD", "")).upper()
        if method not in {"REPLY", "COUNTER"} or len(events) != 1:
            return None
        event = events[0]
        attendees = event.get("ATTENDEE", [])
        attendees = attendees if isinstance(attendees, list) else [attendees]
        if len(attendees) != 1:
            return None
        return Answer(
            method=method,
            uid=str(event.get("UID", ""))[:255],
            sequence=int(float(str(event.get("SEQUENCE", 0)))),
            attendee=re.sub(r"^mailto:", "", str(attendees[0]), flags=re.IGNORECASE).strip().lower(),
            partstat=str(attendees[0].params.get("PARTSTAT", "NEEDS-ACTION")).upper(),
            stamped_at=_moment_of(event, "DTSTAMP"),
            comment=_comment(event),
            starts_at=_moment_of(event, "DTSTART"),
        )
    except (ValueError, TypeError, AttributeError, KeyError, IndexError):
        return None


def _comment(event: Any) -> str:
    found = event.get("COMMENT", "")
    return "\n".join(map(str, found if isinstance(found, list) else [found])).strip()[:2000]


def _moment_of(event: Any, name: str) -> str:
    try:
        return _moment(event[name].dt)
    except (
        Exception
    ):  # absent or broken: icalendar raises errors of several kinds, and the answer still counts
        return ""


def _moment(value: object) -> str:
    """ISO format in UTC; "" for a date or a floating time."""
    aware = isinstance(value, datetime) and value.tzinfo is not None
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) and aware else ""
