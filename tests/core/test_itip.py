"""iTIP files, read back by another implementation than the one that wrote them."""

import ctypes
import ctypes.util
import json
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from events.core.calendar.itip import Entry, Mailbox, Method, calendar_file
from tests.support.processes import ROOT, node

ORGANIZER = Mailbox("Ontmoet", "koffie@ontmoet.test")
START = datetime(2026, 12, 4, 9, 30, tzinfo=UTC)
READER = """
import ICAL from 'ical.js';
let text = ''; for await (const part of process.stdin) text += part;
const root = new ICAL.Component(ICAL.parse(text));
const entries = root.getAllSubcomponents('vevent').map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid, sequence: event.sequence, summary: event.summary, location: event.location,
    start: event.startDate.toString(), end: event.endDate.toString(),
    status: component.getFirstPropertyValue('status'),
    attendees: event.attendees.map((one) =>
      [one.getFirstValue(), one.getParameter('partstat'), one.getParameter('cn')]),
    organizer: event.organizer,
  };
});
console.log(JSON.stringify({method: root.getFirstPropertyValue('method'), entries}));
"""


def read_back(file: bytes) -> Any:
    """What ical.js, the reader of Thunderbird, makes of a file."""
    done = subprocess.run(
        [node(), "--input-type=module", "-e", READER], input=file, capture_output=True, cwd=ROOT, check=True
    )
    return json.loads(done.stdout)


def libical_faults(file: bytes) -> int | None:
    """How many faults libical finds in a file; None where it is not installed."""
    name = ctypes.util.find_library("ical")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    library.icalrestriction_check.argtypes = [ctypes.c_void_p]
    library.icalcomponent_count_errors.argtypes = [ctypes.c_void_p]
    parsed = library.icalparser_parse_string(file)
    library.icalrestriction_check(parsed)
    return int(library.icalcomponent_count_errors(parsed))


def entry(**changes: object) -> Entry:
    values: dict[str, object] = {
        "uid": "a1b2@ontmoet.test",
        "sequence": 2,
        "starts_at": START,
        "ends_at": START + timedelta(minutes=30),
        "summary": "Koffie met Dana, één op één",
        "location": "Online",
        "attendee": Mailbox('Bram, "de" Vries', "bram@example.test"),
    }
    return Entry(**(values | changes))  # type: ignore[arg-type]  # a mix of fields


def test_an_invitation_is_read_as_it_was_meant() -> None:
    file = calendar_file([entry(accepted=True)], "REQUEST", ORGANIZER)
    read = read_back(file)
    (found,) = read["entries"]
    assert read["method"] == "REQUEST"
    assert found["uid"] == "a1b2@ontmoet.test"
    assert found["sequence"] == 2
    assert (found["start"], found["end"]) == ("2026-12-04T09:30:00Z", "2026-12-04T10:00:00Z")
    assert found["summary"] == "Koffie met Dana, één op één"
    assert found["attendees"] == [["mailto:bram@example.test", "ACCEPTED", "Bram, 'de' Vries"]]
    assert found["organizer"] == "mailto:koffie@ontmoet.test"


def test_a_cancellation_says_so_twice() -> None:
    read = read_back(calendar_file([entry()], "CANCEL", ORGANIZER))
    assert read["method"] == "CANCEL"
    assert read["entries"][0]["status"] == "CANCELLED"


def test_the_file_keeps_to_the_form() -> None:
    file = calendar_file([entry(description="regel 1\r\nregel 2\u202e " + "☕" * 60)], "REQUEST", ORGANIZER)
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    assert file.count(b"\r\nSEQUENCE:") == 1
    assert "\u202e".encode() not in file


def test_an_invitation_is_for_one_person_only() -> None:
    with pytest.raises(ValueError, match="one attendee"):
        calendar_file([entry(), entry()], "REQUEST", ORGANIZER)
    with pytest.raises(ValueError, match="one attendee"):
        calendar_file([entry(attendee=None)], "CANCEL", ORGANIZER)


def test_a_feed_holds_many() -> None:
    read = read_back(
        calendar_file([entry(uid="a"), entry(uid="b", cancelled=True)], "PUBLISH", ORGANIZER, name="Kring")
    )
    assert [one["status"] for one in read["entries"]] == ["CONFIRMED", "CANCELLED"]
    assert {one["organizer"] for one in read["entries"]} == {"mailto:koffie@ontmoet.test"}
    assert not any(one["attendees"] for one in read["entries"])


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH"])
def test_libical_finds_no_fault_where_it_is_installed(method: Method) -> None:
    """libical checks what RFC 5546 asks of each METHOD; a file without its stamp shows that it does."""
    good = calendar_file([entry()], method, ORGANIZER)
    if libical_faults(good) is None:
        pytest.skip("libical is not on this machine")
    assert libical_faults(good) == 0
    assert libical_faults(good.replace(b"DTSTAMP", b"X-STAMP"))
