"""Calendar files: what iTIP asks, written by the only module that knows icalendar."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from icalendar import Calendar, Event, vCalAddress, vText

from events.core import clock
from events.core.text import header_line

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]


@dataclass(frozen=True)
class Mailbox:
    """A person in a calendar file."""

    name: str
    address: str


@dataclass(frozen=True)
class Entry:
    """One entry. All moments are UTC; `sequence` comes from the row and rises with every real change."""

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


def calendar_file(entries: list[Entry], method: Method, organizer: Mailbox, *, name: str = "") -> bytes:
    """A calendar of these entries. REQUEST and CANCEL take exactly one entry with its one attendee."""
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
    for entry in entries:
        calendar.add_component(_component(entry, method, organizer))
    written: bytes = calendar.to_ical()
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
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    if method != "PUBLISH" and entry.attendee is not None:
        event.add("organizer", _party(organizer), encode=False)
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
    party.params["CN"] = vText(header_line(mailbox.name))
    return party


def _clean(value: str) -> str:
    return "\n".join(header_line(line) for line in value.split("\n"))
