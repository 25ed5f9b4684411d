"""Free/busy expansion: entries that count, files that are refused, and bombs stopped by their
limits.
"""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from events.core.calendar.free_busy import busy_times, read_calendar
from events.core.calendar.ical_parser import MAX_ENTRIES, Unreadable
from events.core.jobs.subprocess_pool import OffloadFailed, ResourceLimits, offload, offload_all
from tests.support.processes import ROOT
from tests.support.scripted_http_server import Hostile, content

pytestmark = pytest.mark.usefixtures("child_process")

START = datetime(2026, 10, 1, tzinfo=UTC)
END = START + timedelta(days=60)
AMSTERDAM = "Europe/Amsterdam"
LIMITS = ResourceLimits(cpu=5, wall=20, memory=512)


def calendar(*events: str, head: str = "") -> bytes:
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\n{one}\r\nEND:VEVENT\r\n" for number, one in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{body}END:VCALENDAR\r\n".encode()


def spans(file: bytes, zone: str = AMSTERDAM) -> list[str]:
    return [f"{first:%m-%dT%H:%M}/{last:%m-%dT%H:%M}" for first, last in busy_times(file, zone, START, END)]


def refused(file: bytes) -> str:
    with pytest.raises(Unreadable) as failed:
        busy_times(file, AMSTERDAM, START, END)
    return failed.value.code


MORNING = "DTSTART:20261020T070000Z\r\nDTEND:20261020T080000Z"
READ = {
    "an hour in UTC": (calendar(MORNING), ["10-20T07:00/10-20T08:00"]),
    "a duration": (calendar("DTSTART:20261020T070000Z\r\nDURATION:PT45M"), ["10-20T07:00/10-20T07:45"]),
    "weekly over the change of the clocks": (
        calendar("DTSTART;TZID=Europe/Amsterdam:20261020T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=2"),
        ["10-20T07:00/10-20T08:00", "10-27T08:00/10-27T09:00"],
    ),
    "one left out of a series": (
        calendar(f"{MORNING}\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:20261021T070000Z"),
        ["10-20T07:00/10-20T08:00", "10-22T07:00/10-22T08:00"],
    ),
    "a whole day is the person's own": (calendar("DTSTART;VALUE=DATE:20261026"), ["10-25T23:00/10-26T23:00"]),
    "the day of 25 hours": (calendar("DTSTART;VALUE=DATE:20261025"), ["10-24T22:00/10-25T23:00"]),
    "a time without a zone is the person's own": (
        calendar("DTSTART:20261020T090000\r\nDTEND:20261020T100000"), ["10-20T07:00/10-20T08:00"],
    ),
    "a Windows name of a zone": (
        calendar("DTSTART;TZID=W. Europe Standard Time:20261020T090000\r\nDURATION:PT1H"),
        ["10-20T07:00/10-20T08:00"],
    ),
    "what overlaps is one": (
        calendar(MORNING, "DTSTART:20261020T073000Z\r\nDTEND:20261020T090000Z"), ["10-20T07:00/10-20T09:00"],
    ),
    "what began before the window": (
        calendar("DTSTART:20260930T220000Z\r\nDTEND:20261001T030000Z"), ["10-01T00:00/10-01T03:00"],
    ),
    "tentative is busy": (calendar(f"{MORNING}\r\nSTATUS:TENTATIVE"), ["10-20T07:00/10-20T08:00"]),
    "free": (calendar(f"{MORNING}\r\nTRANSP:TRANSPARENT"), []),
    "free in Outlook's words": (calendar(f"{MORNING}\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE"), []),
    "cancelled": (calendar(f"{MORNING}\r\nSTATUS:CANCELLED"), []),
    "a cancellation as a whole": (calendar(MORNING, head="METHOD:CANCEL\r\n"), []),
    "of no length": (calendar("DTSTART:20261020T070000Z\r\nDTEND:20261020T070000Z"), []),
    "long ago and in a year": (
        calendar("DTSTART:20160101T070000Z\r\nDURATION:PT1H", "DTSTART:20280101T070000Z"), [],
    ),
    "free and busy": (
        b"BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nFREEBUSY:20261020T070000Z/PT1H,20261021T070000Z/20261021T080000Z\n"
        b"FREEBUSY;FBTYPE=FREE:20261022T070000Z/PT1H\nEND:VFREEBUSY\nEND:VCALENDAR\n",
        ["10-20T07:00/10-20T08:00", "10-21T07:00/10-21T08:00"],
    ),
    "bare line feeds": (calendar(MORNING).replace(b"\r\n", b"\n"), ["10-20T07:00/10-20T08:00"]),
    "a byte order mark": (b"\xef\xbb\xbf" + calendar(MORNING), ["10-20T07:00/10-20T08:00"]),
    "UTF-16": (calendar(MORNING).decode().encode("utf-16"), ["10-20T07:00/10-20T08:00"]),
    "a fold within a letter": (
        calendar(MORNING + "\r\nSUMMARY:caf\u00e9").replace(b"\xc3\xa9", b"\xc3\r\n \xa9"),
        ["10-20T07:00/10-20T08:00"],
    ),
    "alarms without end": (
        calendar(MORNING + "\r\nBEGIN:VALARM\r\nREPEAT:1000000000\r\nDURATION:PT1S\r\nEND:VALARM"),
        ["10-20T07:00/10-20T08:00"],
    ),
    "tasks": (b"BEGIN:VCALENDAR\nBEGIN:VTODO\nDTSTART:20261020T070000Z\nEND:VTODO\nEND:VCALENDAR\n", []),
    "nothing": (calendar(), []),
}  # fmt: skip


@pytest.mark.parametrize("case", READ)
def test_what_a_calendar_says_is_read_as_it_was_meant(case: str) -> None:
    file, expected = READ[case]
    assert spans(file) == expected


REFUSED = {
    "a page": (b"<!doctype html><title>Sign in</title>", "not_a_calendar"),
    "words": (b"error: no such calendar", "not_a_calendar"),
    "nothing": (b"", "not_a_calendar"),
    "bytes": (bytes(range(256)) * 9, "not_a_calendar"),
    "one entry too many": (calendar(*[MORNING] * (MAX_ENTRIES + 1)), "too_many_events"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_meant_is_refused_by_its_kind(case: str) -> None:
    file, code = REFUSED[case]
    assert refused(file) == code


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("FREQ=SECONDLY", "too_often"),
        ("freq=minutely;COUNT=1000000000", "too_often"),
        ("FREQ= SECONDLY", "too_often"),
        ("FREQ=SEC\r\n ONDLY", "too_often"),
    ],
)
def test_a_series_that_is_too_dense_is_busy_throughout_and_costs_no_other_entry(rule: str, kind: str) -> None:
    file = calendar(f"{MORNING}\r\nRRULE:{rule}", "DTSTART:20261010T070000Z\r\nDURATION:PT1H")
    reading = read_calendar(file, AMSTERDAM, START, END)
    assert [f"{first:%m-%dT%H:%M}/{last:%m-%dT%H:%M}" for first, last in reading.busy] == [
        "10-10T07:00/10-10T08:00", "10-20T07:00/11-30T00:00",
    ]  # fmt: skip
    assert reading.notes == {kind: 1}


def test_a_series_every_hour_is_read() -> None:
    file = calendar("DTSTART:20261020T070000Z\r\nDURATION:PT15M\r\nRRULE:FREQ=HOURLY")
    assert spans(file)[:2] == ["10-20T07:00/10-20T07:15", "10-20T08:00/10-20T08:15"]
    assert len(spans(file)) == 41 * 24 - 7


def test_more_times_than_are_kept_are_rounded_to_quarters() -> None:
    every = "RRULE:FREQ=HOURLY"
    many = calendar(*[f"DTSTART:20261001T00{n:02d}00Z\r\nDURATION:PT1M\r\n{every}" for n in (1, 20)])
    found = busy_times(many, AMSTERDAM, START, END)
    assert len(found) == 60 * 24
    assert {last.minute - first.minute for first, last in found} == {30}


def ask(hostile: Hostile, path: str) -> dict[str, Any]:
    return {
        "address": f"http://kalender.test{path}",
        "zone": AMSTERDAM,
        "start": START.isoformat(),
        "end": END.isoformat(),
        "host_overrides": hostile.host_overrides,
    }


BOMBS = {
    "/ages": calendar("DTSTART:00010101T070000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=1000000000"),
    "/never": calendar(f"{MORNING}\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    "/dates": calendar(f"{MORNING}\r\nRDATE:" + ",".join(["20261020T070000Z"] * 100_000)),
    "/hours": calendar(*[f"{MORNING}\r\nRRULE:FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24)))] * 900),
    "/seconds": calendar(f"{MORNING}\r\nRRULE:FREQ=SECONDLY;COUNT=1000000000"),
    "/events": calendar(*[f"{MORNING}\r\nRRULE:FREQ=DAILY"] * MAX_ENTRIES),
}
BESIDE = """
from gevent import monkey; monkey.patch_all()
import json, sys, time, gevent
from events.core.jobs.subprocess_pool import OffloadFailed, ResourceLimits, offload, offload_all
asked, late, done = json.loads(sys.stdin.read()), [], []
def tick():
    while True:
        began = time.monotonic(); gevent.sleep(0.01); late.append(time.monotonic() - began - 0.01)
def read(one):
    try:
        task = "events.core.calendar.free_busy:read_busy"
        done.append(offload(task, one, ResourceLimits(cpu=1, wall=20, memory=512)))
    except OffloadFailed:
        done.append({"problem": "too_heavy"})
ticking = gevent.spawn(tick)
began = time.monotonic()
gevent.joinall([gevent.spawn(read, one) for one in asked])
took = time.monotonic() - began
late.sort()
print(json.dumps({"done": len(done), "took": took, "p99": late[int(len(late) * 0.99)]}))
"""


MAX_TIMES = 60 * 24  # of a window of sixty days, whatever a bomb says


@pytest.mark.long
@pytest.mark.parametrize("path", BOMBS)
def test_a_bomb_ends_with_its_child(hostile: Hostile, path: str) -> None:
    hostile.scripts[path] = content(BOMBS[path])
    began = time.monotonic()
    (answer,) = offload_all("events.core.calendar.free_busy:read_busy", [ask(hostile, path)], LIMITS)
    assert time.monotonic() - began < LIMITS.wall + 5
    assert answer is None or set(answer) <= {"problem", "busy", "notes"}
    assert len((answer or {}).get("busy", [])) <= MAX_TIMES


def test_it_is_the_limit_that_ends_a_bomb(hostile: Hostile) -> None:
    hostile.scripts["/events"] = content(BOMBS["/events"])
    with pytest.raises(OffloadFailed):
        offload(
            "events.core.calendar.free_busy:read_busy",
            ask(hostile, "/events"),
            ResourceLimits(cpu=1, wall=60, memory=512),
        )


@pytest.mark.long
def test_twenty_bombs_at_once_leave_the_loop_of_their_parent_alone(hostile: Hostile) -> None:
    for path, file in BOMBS.items():
        hostile.scripts[path] = content(file)
    asked = [ask(hostile, list(BOMBS)[number % len(BOMBS)]) for number in range(20)]
    done = subprocess.run(
        [sys.executable, "-c", BESIDE],
        input=json.dumps(asked).encode(),
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    told = json.loads(done.stdout)
    assert told["done"] == 20
    assert told["took"] < 60
    assert told["p99"] < 0.1


def test_nothing_but_busy_times_leaves_the_child(hostile: Hostile) -> None:
    hostile.scripts["/geheim-adres"] = content(
        calendar(f"{MORNING}\r\nSUMMARY:Overname Jansen\r\nLOCATION:Bank")
    )
    answer = json.dumps(
        offload("events.core.calendar.free_busy:read_busy", ask(hostile, "/geheim-adres"), LIMITS)
    )
    assert answer == '{"busy": [["2026-10-20T07:00:00+00:00", "2026-10-20T08:00:00+00:00"]], "notes": {}}'
    for broken in ({"zone": "Mars"}, {"start": "x"}, {"address": "http://kalender.test:1/geheim-adres"}):
        told = json.dumps(
            offload(
                "events.core.calendar.free_busy:read_busy", ask(hostile, "/geheim-adres") | broken, LIMITS
            )
        )
        assert "problem" in told
        assert "geheim" not in told
