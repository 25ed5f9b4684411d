"""Unusual calendars: a malformed entry costs only itself, and an unclear time counts as busy."""

import pytest

from events.core.calendar.free_busy import read_calendar
from events.core.calendar.ical_parser import Unreadable
from tests.core.test_free_busy import AMSTERDAM, END, START

NINE, TEN = "10-20T07:00/10-20T08:00", "10-20T08:00/10-20T09:00"  # nine and ten o'clock in Amsterdam, in UTC
OTHER = "BEGIN:VEVENT\nUID:other\nDTSTART:20261022T070000Z\nDTEND:20261022T080000Z\nEND:VEVENT\n"
KEPT = "10-22T07:00/10-22T08:00"
HOUR = "DTSTART:20261020T070000Z\nDTEND:20261020T080000Z\n"
LOCAL = "DTSTART;TZID=Europe/Amsterdam:20261020T090000\nDURATION:PT1H\n"
WEEKS = ["10-20T07:00/10-20T08:00", "10-27T08:00/10-27T09:00", "11-03T08:00/11-03T09:00"]


def event(lines: str, uid: str = "1") -> str:
    return f"BEGIN:VEVENT\nUID:{uid}\n{lines}{'' if lines.endswith(chr(10)) else chr(10)}END:VEVENT\n"


def file(*parts: str, head: str = "") -> bytes:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{''.join(parts)}END:VCALENDAR\n".encode()


def read(
    content: bytes, zone: str = AMSTERDAM, owners: tuple[str, ...] = ()
) -> tuple[list[str], dict[str, int]]:
    reading = read_calendar(content, zone, START, END, owners)
    spans = [f"{first:%m-%dT%H:%M}/{last:%m-%dT%H:%M}" for first, last in reading.busy]
    return spans, dict(reading.notes)


def zone_block(identity: str, *more: str) -> str:
    """New York's rules under another name."""
    return (
        f"BEGIN:VTIMEZONE\n{identity}BEGIN:STANDARD\nDTSTART:20071104T020000\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\n"
        f"TZOFFSETFROM:-0400\nTZOFFSETTO:-0500\n{''.join(more)}END:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:20070311T020000\n"
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0400\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
    )


BROKEN = {
    "an entry without a start": (event("SUMMARY:x"), [KEPT], {"no_start": 1}),
    "a start that is none": (event("DTSTART:tomorrow"), [KEPT], {"no_start": 1}),
    "the thirty-first of November": (event("DTSTART:20261131T090000Z"), [KEPT], {"no_start": 1}),
    "a sequence with a point": (event(HOUR + "SEQUENCE:1.0"), [NINE, KEPT], {}),
    "a sequence of words": (event(HOUR + "SEQUENCE:first"), [NINE, KEPT], {}),
    "UID twice": (event(HOUR + "UID:2"), [NINE, KEPT], {}),
    "DTSTART twice, the same": (event(HOUR + "DTSTART:20261020T070000Z"), [NINE, KEPT], {}),
    "DTSTART twice, another": (
        event(HOUR + "DTSTART:20261021T070000Z"),
        [NINE, KEPT],
        {"unclear_time": 1},
    ),
    "DTEND twice": (event(HOUR + "DTEND:20261020T080000Z"), [NINE, KEPT], {}),
    "an end at the end of all time": (
        event("DTSTART:20261120T070000Z\nDTEND:99991231T235959Z"),
        [KEPT, "11-20T07:00/11-30T00:00"],
        {},
    ),
    "an end at the end of all time, west": (
        event("DTSTART;TZID=America/New_York:20261120T020000\nDTEND;TZID=America/New_York:99991231T235959"),
        [KEPT, "11-20T07:00/11-30T00:00"],
        {},
    ),
    "a reversed FREEBUSY": (
        "BEGIN:VFREEBUSY\nFREEBUSY:20261020T080000Z/20261020T070000Z\nEND:VFREEBUSY\n",
        [TEN, KEPT],
        {"unclear_end": 1},
    ),
    "one bad FREEBUSY of two": (
        "BEGIN:VFREEBUSY\nFREEBUSY:nonsense/PT1H,20261020T070000Z/PT1H\nEND:VFREEBUSY\n",
        [NINE, KEPT],
        {"no_start": 1},
    ),
    "FREEBUSY with a doubled comma": (
        "BEGIN:VFREEBUSY\nFREEBUSY:20261020T070000Z/PT1H,,\nEND:VFREEBUSY\n",
        [NINE, KEPT],
        {},
    ),
    "a line that is no property": (event(HOUR + "and then we eat\n:::\n=2B"), [NINE, KEPT], {}),
    "a line without a colon": (event("DTSTART\n" + HOUR), [NINE, KEPT], {}),
    "an end before the start": (
        event("DTSTART:20261020T070000Z\nDTEND:20261018T070000Z"),
        [NINE, KEPT],
        {"unclear_end": 1},
    ),
    "days that end before they start": (
        event("DTSTART;VALUE=DATE:20261020\nDTEND;VALUE=DATE:20261010"),
        ["10-19T22:00/10-20T22:00", KEPT],
        {"unclear_end": 1},
    ),
    "an end that is none": (event("DTSTART:20261020T070000Z\nDTEND:later"), [NINE, KEPT], {"unclear_end": 1}),
    "a length that is none": (
        event("DTSTART:20261020T070000Z\nDURATION:long"),
        [NINE, KEPT],
        {"unclear_end": 1},
    ),
    "a length below nothing": (
        event("DTSTART:20261020T070000Z\nDURATION:-PT1H"),
        [NINE, KEPT],
        {"unclear_end": 1},
    ),
    "a length of everything at once": (
        event("DTSTART:20261020T070000Z\nDURATION:P0W0DT1H"),
        [NINE, KEPT],
        {},
    ),
    "an hour that is none": (
        event("DTSTART:20261020T990000Z"),
        ["10-19T22:00/10-20T22:00", KEPT],
        {"unclear_time": 1},
    ),
    "only an end": (
        event("DTSTART:soon\nDTEND:20261020T080000Z"),
        [NINE, KEPT],
        {"unclear_time": 1},
    ),
    "second sixty": (event("DTSTART:20261020T065960Z\nDTEND:20261020T080000Z"), [NINE, KEPT], {}),
    "the hour 24": (
        event("DTSTART:20261019T240000Z\nDTEND:20261020T010000Z"),
        ["10-20T00:00/10-20T01:00", KEPT],
        {},
    ),
    "times without seconds": (event("DTSTART:20261020T0700Z\nDTEND:20261020T0800Z"), [NINE, KEPT], {}),
    "times with dashes": (
        event("DTSTART:2026-10-20T07:00:00Z\nDTEND:2026-10-20T08:00:00.000Z"),
        [NINE, KEPT],
        {},
    ),
    "times with an offset": (
        event("DTSTART:20261020T090000+0200\nDTEND:20261020T100000+0200"),
        [NINE, KEPT],
        {},
    ),
    "small letters and spaces": (
        event("dtstart : 20261020t070000z \nDTEND: 20261020T080000Z\ntransp: opaque "),
        [NINE, KEPT],
        {},
    ),
    "a zone and a Z": (
        event("DTSTART;TZID=Europe/Amsterdam:20261020T070000Z\nDURATION:PT1H"),
        [NINE, KEPT],
        {},
    ),
    "a zone and a day": (
        event("DTSTART;TZID=Europe/Amsterdam;VALUE=DATE:20261020"),
        ["10-19T22:00/10-20T22:00", KEPT],
        {},
    ),
    "a day that does not say so": (event("DTSTART:20261020"), ["10-19T22:00/10-20T22:00", KEPT], {}),
    "a day with a time": (
        event("DTSTART;VALUE=DATE:20261020T000000"),
        ["10-19T22:00/10-20T22:00", KEPT],
        {},
    ),
    "days with times that make a length": (
        event(
            "DTSTART;TZID=Europe/Amsterdam;VALUE=DATE:20261020T090000\n"
            "DTEND;TZID=Europe/Amsterdam;VALUE=DATE:20261020T100000"
        ),
        [NINE, KEPT],
        {},
    ),
    "days with times that make none": (
        event("DTSTART;VALUE=DATE:20261020T090000\nDTEND;VALUE=DATE:20261020T090000"),
        ["10-19T22:00/10-20T22:00", KEPT],
        {},
    ),
    "a T behind a time": (event("DTSTART:20261020T090000T\nDTEND:20261020T100000T"), [NINE, KEPT], {}),
    "a T behind a day": (event("DTSTART:20261020T"), ["10-19T22:00/10-20T22:00", KEPT], {}),
    "a day that ends on itself": (
        event("DTSTART;VALUE=DATE:20261020\nDTEND;VALUE=DATE:20261020"),
        ["10-19T22:00/10-20T22:00", KEPT],
        {},
    ),
    "an entry that is not closed": (f"BEGIN:VEVENT\nUID:1\n{HOUR}", [NINE, KEPT], {}),
    "an alarm that is not closed": (event(HOUR + "BEGIN:VALARM\nDURATION:PT9H"), [NINE, KEPT], {}),
    "an entry inside an entry": (f"BEGIN:VEVENT\nUID:1\n{HOUR}" + event(HOUR, "3"), [NINE, KEPT], {}),
    "an end that began nothing": ("END:VEVENT\nEND:VTODO\n" + event(HOUR), [NINE, KEPT], {}),
    "a zone without a name": (
        zone_block("TZID:\n") + event('DTSTART;TZID="":20261020T030000\nDURATION:PT1H'),
        [NINE, KEPT],
        {},
    ),
    "a zone with two names": (
        zone_block("TZID:Mine\nTZID:Yours\n") + event("DTSTART;TZID=Mine:20261020T030000\nDURATION:PT1H"),
        [NINE, KEPT],
        {},
    ),
    "a zone whose changes name their hour": (
        zone_block("TZID:Mine\n").replace("YEARLY;", "YEARLY;BYMINUTE=0;BYHOUR=2;")
        + event("DTSTART;TZID=Mine:20261020T030000\nDURATION:PT1H"),
        [NINE, KEPT],
        {},
    ),
    "a zone without its offset before": (
        zone_block("TZID:Mine\n").replace("TZOFFSETFROM:-0500\n", "")
        + event("DTSTART;TZID=Mine:20261020T030000\nDURATION:PT1H"),
        [NINE, KEPT],
        {},
    ),
    "a zone without anything": (
        "BEGIN:VTIMEZONE\nTZID:Mine\nEND:VTIMEZONE\n"
        + event("DTSTART;TZID=Mine:20261020T090000\nDURATION:PT1H"),
        [NINE, KEPT],
        {"unknown_zone": 1},
    ),
    "a zone that changes every second": (
        zone_block("TZID:Mine\n").replace("YEARLY", "SECONDLY")
        + event("DTSTART;TZID=Mine:20261020T040000\nDURATION:PT1H"),
        ["10-20T09:00/10-20T10:00", KEPT],
        {},
    ),
    "a zone that nobody knows": (
        event("DTSTART;TZID=Customized Time Zone:20261020T090000\nDURATION:PT1H"),
        [NINE, KEPT],
        {"unknown_zone": 1},
    ),
    "half past two on the night of the change": (
        event("DTSTART;TZID=Europe/Amsterdam:20261025T023000\nDURATION:PT1H"),
        [KEPT, "10-25T00:30/10-25T01:30"],
        {},
    ),
    "free, with a space behind it": (event(HOUR + "TRANSP:TRANSPARENT "), [KEPT], {}),
    "free, twice": (event(HOUR + "TRANSP:TRANSPARENT\nTRANSP:TRANSPARENT"), [KEPT], {}),
    "free and busy": (event(HOUR + "TRANSP:TRANSPARENT\nTRANSP:OPAQUE"), [NINE, KEPT], {}),
    "cancelled, twice": (event(HOUR + "STATUS:CANCELLED\nSTATUS:cancelled "), [KEPT], {}),
    "working elsewhere": (
        event("DTSTART;VALUE=DATE:20261020\nX-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"),
        [KEPT],
        {},
    ),
    "out of office": (event(HOUR + "X-MICROSOFT-CDO-BUSYSTATUS:OOF"), [NINE, KEPT], {}),
    "three days under one UID": (
        event(HOUR) + event(HOUR.replace("1020", "1021")) + event(HOUR.replace("1020", "1023")),
        [NINE, "10-21T07:00/10-21T08:00", KEPT, "10-23T07:00/10-23T08:00"],
        {},
    ),
    "two revisions of one entry": (
        event(HOUR + "SEQUENCE:1") + event(HOUR.replace("080000Z", "090000Z") + "SEQUENCE:2"),
        ["10-20T07:00/10-20T09:00", KEPT],
        {},
    ),
    "a revision that is cancelled": (
        event(HOUR + "SEQUENCE:1") + event(HOUR + "SEQUENCE:2\nSTATUS:CANCELLED"),
        [KEPT],
        {},
    ),
    "a floating time in a calendar with a zone": (
        "X-WR-TIMEZONE:America/New_York\n" + event("DTSTART:20261020T030000\nDURATION:PT1H"),
        [NINE, KEPT],
        {},
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_one_odd_thing_costs_at_most_that_thing(case: str) -> None:
    odd, busy, notes = BROKEN[case]
    assert read(file(odd, OTHER)) == (busy, notes)
    assert read(file(OTHER, odd)) == (busy, notes)


SERIES = {
    "an exception with a comma behind it": (
        LOCAL + "RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20261027T080000Z,",
        [0, 2],
        {},
    ),
    "an empty exception": (LOCAL + "RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:", [0, 1, 2], {}),
    "an exception that is none": (
        LOCAL + "RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:never",
        [0, 1, 2],
        {"unclear_date": 1},
    ),
    "an exception that is a day": (
        LOCAL + "RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;VALUE=DATE:20261027",
        [0, 2],
        {},
    ),
    "an exception without a zone": (LOCAL + "RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20261027T090000", [0, 2], {}),
    "a space in the rule": (LOCAL + "RRULE:FREQ=WEEKLY; BYDAY=TU;COUNT=3", [0, 1, 2], {}),
    "a rule with a doubled sign": (LOCAL + "RRULE:FREQ=WEEKLY;;COUNT=3;", [0, 1, 2], {}),
    "a rule in small letters": (LOCAL + "RRULE:freq=weekly;count=3", [0, 1, 2], {}),
    "a part of another standard": (LOCAL + "RRULE:FREQ=WEEKLY;COUNT=3;SKIP=FORWARD;X-NOTE=1", [0, 1, 2], {}),
    "a day with a trailing comma": (LOCAL + "RRULE:FREQ=WEEKLY;BYDAY=TU,;COUNT=3", [0, 1, 2], {}),
    "a whole number with a point": (LOCAL + "RRULE:FREQ=WEEKLY;INTERVAL=1.0;COUNT=3", [0, 1, 2], {}),
    "a limit that is a day": (LOCAL + "RRULE:FREQ=WEEKLY;UNTIL=20261103", [0, 1, 2], {}),
    "a limit in UTC": (LOCAL + "RRULE:FREQ=WEEKLY;UNTIL=20261103T080000Z", [0, 1, 2], {}),
    "a limit without a zone": (LOCAL + "RRULE:FREQ=WEEKLY;UNTIL=20261103T090000", [0, 1, 2], {}),
    "a limit just before": (LOCAL + "RRULE:FREQ=WEEKLY;UNTIL=20261103T075959Z", [0, 1], {}),
    "both a limit and a number": (LOCAL + "RRULE:FREQ=WEEKLY;COUNT=9;UNTIL=20261103", [0, 1, 2], {}),
    "a step longer than a life": (LOCAL + "RRULE:FREQ=WEEKLY;INTERVAL=99999999", [0], {}),
    "floating, with an exception in UTC": (
        "DTSTART:20261020T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20261027T080000Z",
        [0, 2],
        {},
    ),
    "an unknown zone, with limits in UTC": (
        LOCAL.replace("Europe/Amsterdam", "Customized Time Zone")
        + "RRULE:FREQ=WEEKLY;UNTIL=20261103T080000Z\nEXDATE:20261027T080000Z",
        [0, 2],
        {"unknown_zone": 1},
    ),
    "two rules": (LOCAL + "RRULE:FREQ=WEEKLY;COUNT=2\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2", [0, 1, 2], {}),
    "dates instead of a rule": (LOCAL + "RDATE:20261027T080000Z,,20261103T080000Z", [0, 1, 2], {}),
    "dates of which one is none": (LOCAL + "RDATE:20261027T080000Z,x", [0, 1], {"unclear_date": 1}),
    "a date with its own length": (LOCAL + "RDATE;VALUE=PERIOD:20261027T080000Z/PT1H", [0, 1], {}),
    "a rule that leaves out": (LOCAL + "RRULE:FREQ=WEEKLY;COUNT=3\nEXRULE:FREQ=WEEKLY;INTERVAL=2", [1], {}),
    "a rule that leaves out other days": (
        LOCAL + "RRULE:FREQ=WEEKLY;COUNT=3\nEXRULE:FREQ=WEEKLY;BYDAY=WE",
        [0, 1, 2],
        {},
    ),
    "a rule that leaves out one of its days": (
        LOCAL + "RRULE:FREQ=WEEKLY;COUNT=3\nEXRULE:FREQ=MONTHLY;BYDAY=-1TU",
        [0, 2],
        {},
    ),
    "long ago and without an end": (
        "DTSTART;TZID=Europe/Amsterdam:19991130T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20261103\n"
        "EXDATE;TZID=Europe/Amsterdam:20261006T090000,20261013T090000",
        [0, 1, 2],
        {},
    ),
    "a yearly date that never comes": (LOCAL + "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", [0], {}),
}


@pytest.mark.parametrize("case", SERIES)
def test_a_series_keeps_what_can_be_read_of_it(case: str) -> None:
    lines, weeks, notes = SERIES[case]
    spans = sorted([*(WEEKS[week] for week in weeks), KEPT])
    assert read(file(event(lines), OTHER)) == (spans, notes)


@pytest.mark.parametrize(
    "rule",
    [
        "UNTIL=",
        "FREQ=SOMETIMES",
        "BYDAY=TU",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;COUNT=many",
        "INTERVAL=2",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;UNTIL=never",
        "FREQ=WEEKLY;BYMONTH=13",
        "W2 TU #10",
        "FREQ=MONTHLY;RSCALE=HEBREW",
    ],
)
def test_a_rule_that_cannot_be_read_counts_every_day_at_its_time(rule: str) -> None:
    spans, notes = read(file(event(LOCAL + f"RRULE:{rule}")))
    assert notes == {"unclear_rule": 1}
    assert len(spans) == 41
    assert {span[6:11] for span in spans} == {"07:00", "08:00"}


def test_a_rule_that_never_comes_to_an_end_costs_its_own_series_alone() -> None:
    never = event(HOUR + "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "never")
    spans, notes = read(file(never, OTHER))
    assert notes == {"unclear_rule": 1}
    assert [span for span in spans if "T07:00" in span] == spans
    assert len(spans) == 41
    assert KEPT in spans


CHANGED = event(LOCAL + "RRULE:FREQ=WEEKLY;COUNT=3")


@pytest.mark.parametrize(
    ("change", "busy"),
    [
        (
            "RECURRENCE-ID:20261027T080000Z\nDTSTART:20261028T080000Z\nDURATION:PT1H",
            [WEEKS[0], "10-28T08:00/10-28T09:00", WEEKS[2]],
        ),
        (
            "RECURRENCE-ID;TZID=Europe/Amsterdam:20261027T090000\nSTATUS:CANCELLED\nDTSTART:20261027T080000Z",
            [WEEKS[0], WEEKS[2]],
        ),
        (
            "RECURRENCE-ID;VALUE=DATE:20261027\nDTSTART:20261027T100000Z\nDURATION:PT1H",
            [WEEKS[0], "10-27T10:00/10-27T11:00", WEEKS[2]],
        ),
        (
            "RECURRENCE-ID:20261027T080000Z\nRECURRENCE-ID:20261027T080000Z\nTRANSP:TRANSPARENT\nDTSTART:20261027T080000Z",
            [WEEKS[0], WEEKS[2]],
        ),
        ("RECURRENCE-ID:20261027T080000Z\nDTSTART:20270127T080000Z\nDURATION:PT1H", [WEEKS[0], WEEKS[2]]),
        (
            "RECURRENCE-ID;RANGE=THISANDFUTURE:20261027T080000Z\nDTSTART:20261027T100000Z\nDURATION:PT2H",
            [WEEKS[0], "10-27T10:00/10-27T12:00", "11-03T10:00/11-03T12:00"],
        ),
    ],
)
def test_a_change_of_one_replaces_that_one(change: str, busy: list[str]) -> None:
    assert read(file(CHANGED, event(change))) == (busy, {})
    assert read(file(event(change), CHANGED)) == (busy, {})


@pytest.mark.parametrize(
    ("attendees", "busy"),
    [
        ("ATTENDEE;CN=Bram;PARTSTAT=DECLINED:mailto:Bram@Example.test", []),
        (
            "ATTENDEE;PARTSTAT=DECLINED:MAILTO:bram@example.test\nATTENDEE;PARTSTAT=ACCEPTED:mailto:dana@example.test",
            [],
        ),
        ("ATTENDEE;PARTSTAT=TENTATIVE:mailto:bram@example.test", [NINE]),
        ("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bram@example.test", [NINE]),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:dana@example.test", [NINE]),
        (
            "ATTENDEE;PARTSTAT=DECLINED:mailto:bram@example.test\nATTENDEE;PARTSTAT=ACCEPTED:mailto:bram@example.test",
            [NINE],
        ),
    ],
)
def test_what_the_owner_declined_is_free(attendees: str, busy: list[str]) -> None:
    assert read(file(event(HOUR + attendees)), owners=("bram@example.test",)) == (busy, {})
    named = file(event(HOUR + attendees), head="X-WR-CALNAME:bram@example.test\n")
    assert read(named) == (busy, {})


def test_two_calendars_in_one_file_are_both_read_each_by_its_own_zone() -> None:
    west = file(event("DTSTART:20261020T030000\nDURATION:PT1H"), head="X-WR-TIMEZONE:America/New_York\n")
    assert read(west + file(OTHER)) == ([NINE, KEPT], {})


@pytest.mark.parametrize(
    "content",
    [
        b"\r\n\r\n" + file(OTHER),
        b"Notice: undefined variable\n" + file(OTHER),
        file(OTHER).removesuffix(b"END:VCALENDAR\n"),
        file(OTHER).removesuffix(b"END:VEVENT\nEND:VCALENDAR\n"),
        OTHER.encode(),
        file(OTHER).replace(b"\n", b"\r"),
        file(OTHER).replace(b"\n", b"\r\n\r\n"),
        file(OTHER).lower(),
        b"\xef\xbb\xbf" + file(OTHER),
        file(OTHER).replace(b"UID:other", b"SUMMARY:caf\xe9 \xff\xfe"),
        file(OTHER).replace(
            b"UID:other", b"DESCRIPTION:een\nregel die niet is ingesprongen\nDTSTART is leuk"
        ),
    ],
)
def test_no_file_that_can_be_read_is_refused(content: bytes) -> None:
    assert read(content) == ([KEPT], {})


@pytest.mark.parametrize(
    "content", [b"", b"<!doctype html>", b"BEGIN:VCARD\nEND:VCARD\n", b"VCALENDAR", b"\x00" * 99]
)
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match="not_a_calendar"):
        read(content)


def test_a_history_of_decades_counts_for_nothing() -> None:
    words = "DESCRIPTION:" + "lorem ipsum " * 60
    past = [
        event(f"DTSTART:2016{n % 12 + 1:02}01T070000Z\nDTEND:201{n % 10}1201T080000Z\n{words}")
        for n in range(9000)
    ]
    content = file(*past, OTHER)
    assert len(content) > 6_000_000
    assert read(content) == ([KEPT], {})


def test_a_malformed_past_event_is_not_reported() -> None:
    past = event("DTSTART;TZID=Nowhere:20160101T090000\nDTEND;TZID=Nowhere:20150101T090000")
    assert read(file(past, OTHER)) == ([KEPT], {})
