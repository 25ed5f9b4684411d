"""Differential test of free/busy expansion against ical.js, which must not find more busy times."""

import json
import subprocess
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from events.core.calendar.free_busy import busy_times, read_calendar
from events.core.calendar.ical_parser import Unreadable
from tests.core.test_free_busy import AMSTERDAM, END, START
from tests.support.processes import ROOT, node

FILES = 80  # in one run of node
READ = """
import ICAL from 'ical.js';
import { readFileSync } from 'node:fs';
const { files, zones, start, end } = JSON.parse(readFileSync(0, 'utf8'));
for (const text of zones) {
  const zone = new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vtimezone');
  ICAL.TimezoneService.register(new ICAL.Timezone(zone));
}
const seconds = time => time.toUnixTime();
console.log(JSON.stringify(files.map(file => {
  const calendar = new ICAL.Component(ICAL.parse(file));
  const found = [];
  const events = calendar.getAllSubcomponents('vevent').map(one => new ICAL.Event(one));
  const masters = events.filter(one => !one.isRecurrenceException());
  for (const one of events.filter(one => one.isRecurrenceException())) {
    masters.find(master => master.uid === one.uid)?.relateException(one);
  }
  for (const master of masters) {
    const keep = (item, first, last) => {
      if (item.component.getFirstPropertyValue('transp') === 'TRANSPARENT') return;
      if (item.component.getFirstPropertyValue('status') === 'CANCELLED') return;
      if (last <= start || first >= end || last <= first) return;
      found.push([Math.max(first, start), Math.min(last, end)]);
    };
    if (!master.isRecurring()) { keep(master, seconds(master.startDate), seconds(master.endDate)); continue; }
    const turn = master.iterator();
    for (let next = turn.next(), n = 0; next && n < 5000 && seconds(next) < end; next = turn.next(), n++) {
      const details = master.getOccurrenceDetails(next);
      keep(details.item, seconds(details.startDate), seconds(details.endDate));
    }
  }
  return found;
})));
"""
NEW_YORK = (
    "BEGIN:VTIMEZONE\r\nTZID:America/New_York\r\nBEGIN:STANDARD\r\nDTSTART:20071104T020000\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nEND:STANDARD\r\n"
    "BEGIN:DAYLIGHT\r\nDTSTART:20070311T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\r\nTZOFFSETFROM:-0500\r\n"
    "TZOFFSETTO:-0400\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
)
BERLIN = (
    "BEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"
    "BEGIN:DAYLIGHT\r\nDTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nTZOFFSETFROM:+0100\r\n"
    "TZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
)
ZONES = {"America/New_York": NEW_YORK, "W. Europe Standard Time": BERLIN}
_HOURS = st.integers(4, 20)  # not in the night of a change, where readers differ by right


@st.composite
def entries(draw: st.DrawFn) -> str:
    """One VEVENT with its changes, as correct as the standard asks for."""
    uid = draw(st.uuids()).hex
    day = datetime(2026, 8, 1, tzinfo=UTC) + timedelta(days=draw(st.integers(0, 110)))
    at = day.replace(hour=draw(_HOURS), minute=draw(st.sampled_from([0, 15, 30])))
    zone = draw(st.sampled_from(["Z", *ZONES]))
    head, tail = (";TZID=" + zone, "") if zone != "Z" else ("", "Z")
    lines = [f"UID:{uid}", f"DTSTART{head}:{at:%Y%m%dT%H%M%S}{tail}"]
    length = draw(st.sampled_from([15, 60, 150]))
    if draw(st.booleans()):
        lines.append(f"DURATION:PT{length}M")
    else:
        lines.append(f"DTEND{head}:{at + timedelta(minutes=length):%Y%m%dT%H%M%S}{tail}")
    lines += draw(
        st.sampled_from([[], [], [], ["TRANSP:TRANSPARENT"], ["STATUS:TENTATIVE"], ["STATUS:CANCELLED"]])
    )
    others = ""
    if draw(st.booleans()):
        step = draw(st.integers(1, 3))
        weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[at.weekday()]
        rule = draw(
            st.sampled_from(
                [
                    "FREQ=DAILY",
                    f"FREQ=WEEKLY;BYDAY={weekday}",
                    f"FREQ=WEEKLY;BYDAY=MO,{weekday},FR",
                    f"FREQ=MONTHLY;BYMONTHDAY={at.day}",
                    f"FREQ=MONTHLY;BYDAY={(at.day - 1) // 7 + 1}{weekday}",
                    "FREQ=YEARLY",
                ]
            )
        )
        limit = draw(st.sampled_from(["", ";COUNT=9", ";COUNT=40", ";UNTIL=20261020T235959Z"]))
        lines.append(f"RRULE:{rule};INTERVAL={step}{limit}")
        second = at + timedelta(days=7 * step)
        if draw(st.booleans()):
            lines.append(f"EXDATE{head}:{second:%Y%m%dT%H%M%S}{tail}")
        elif "WEEKLY" in rule and "UNTIL" not in limit and draw(st.booleans()):
            moved = second + timedelta(hours=1)
            others = (
                f"BEGIN:VEVENT\r\nUID:{uid}\r\nRECURRENCE-ID{head}:{second:%Y%m%dT%H%M%S}{tail}\r\n"
                f"DTSTART{head}:{moved:%Y%m%dT%H%M%S}{tail}\r\nDURATION:PT30M\r\nEND:VEVENT\r\n"
            )
    return "BEGIN:VEVENT\r\n" + "\r\n".join(lines) + f"\r\nEND:VEVENT\r\n{others}"


CALENDARS = st.lists(entries(), min_size=1, max_size=4).map(
    lambda parts: (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join([*ZONES.values(), *parts]) + "END:VCALENDAR\r\n"
    )
)


def minutes(spans: list[Any]) -> set[int]:
    return {minute for first, last in spans for minute in range(int(first) // 60, int(last) // 60)}


def read_by_us(text: str) -> set[int]:
    spans = busy_times(text.encode(), AMSTERDAM, START, END)
    return minutes([(first.timestamp(), last.timestamp()) for first, last in spans])


def read_by_ical_js(files: list[str]) -> list[set[int]]:
    whole = [f"BEGIN:VCALENDAR\r\n{zone}END:VCALENDAR\r\n" for zone in ZONES.values()]
    given = {"files": files, "zones": whole, "start": int(START.timestamp()), "end": int(END.timestamp())}
    done = subprocess.run(
        [node(), "--input-type=module", "-e", READ], input=json.dumps(given), capture_output=True, text=True,
        cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return [minutes(one) for one in json.loads(done.stdout)]


def test_calendars_of_many_shapes_say_the_same_to_us_and_to_ical_js() -> None:
    files: list[str] = []

    @settings(max_examples=FILES, database=None, derandomize=True, deadline=None)
    @given(CALENDARS)
    def collect(text: str) -> None:
        files.append(text)

    collect()
    different = [
        (text, sorted(theirs - ours)[:3], sorted(ours - theirs)[:3])
        for text, theirs in zip(files, read_by_ical_js(files), strict=True)
        if (ours := read_by_us(text)) != theirs
    ]
    assert not different, f"{len(different)} of {len(files)}: {different[0]}"


_ODD_LINES = st.sampled_from(
    [
        "DTSTART",
        "DTSTART:",
        "DTEND:99991231T235959Z",
        "DTEND:00010101",
        "DURATION:-P9W",
        "RRULE:FREQ=",
        "RRULE:",
        "RRULE:FREQ=MINUTELY",
        "RRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO",
        "EXDATE:,,",
        "RDATE:19000101,x",
        "UID:",
        "EXRULE:FREQ=DAILY",
        "RECURRENCE-ID:20261020",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260801T090000Z",
        "SEQUENCE:-1",
        "TRANSP:",
        "STATUS:\u00e9",
        "BEGIN:VALARM",
        "BEGIN:VEVENT",
        "END:VCALENDAR",
        "END:VEVENT",
        "BEGIN:VTIMEZONE",
        "TZID:x",
        "TZOFFSETTO:+9999",
        "X-WR-TIMEZONE:\u00e9",
        "ATTENDEE;PARTSTAT=:",
        "\u00ff;:=",
        'DTSTART;TZID="x;y":20261021T090000',
        "DTSTART;VALUE=DATE:20261021",
        "DTSTART:00010101T000000",
        "DTSTART:99991231T235959",
        "FREEBUSY:x/y",
        "BEGIN:VFREEBUSY",
        " folded",
        "METHOD:PUBLISH",
        "BEGIN:VCALENDAR",
    ]
)


@settings(max_examples=100, deadline=None)
@given(CALENDARS, st.lists(st.tuples(st.integers(0, 200), _ODD_LINES), max_size=6))
def test_no_odd_line_breaks_a_calendar_or_leads_outside_the_window(
    text: str, odd: list[tuple[int, str]]
) -> None:
    lines = text.split("\r\n")
    for place, line in odd:
        lines.insert(min(place, len(lines)), line)
    reading = read_calendar("\r\n".join(lines).encode(), AMSTERDAM, START, END)
    assert all(START <= first < last <= END for first, last in reading.busy)
    assert reading.busy == sorted(reading.busy)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for file in (content, b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261020T070000Z\n" + content):
        with suppress(Unreadable):
            read_calendar(file, AMSTERDAM, START, END)
