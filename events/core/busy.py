"""Busy times out of a calendar that a stranger wrote. Only ever run in a child process with limits.

Of the file only the lines that say when are kept: no title, place or name reaches the parser, memory or
the answer. What repeats without end, or in order to hurt, is refused before it is expanded.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

from events.core.fetch import FetchFailed, fetch

MOST_EVENTS = 5000
MOST_NESTED = 16
MOST_TIMES = 2000
PATIENCE = 15.0  # seconds of fetching; the child has a few more to expand what came
KEPT = {
    "BEGIN", "END", "UID", "SEQUENCE", "RECURRENCE-ID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE",
    "EXDATE", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "FREEBUSY", "TZID", "TZOFFSETFROM",
    "TZOFFSETTO", "METHOD",
}  # fmt: skip
COMPONENTS = {"VCALENDAR", "VEVENT", "VFREEBUSY", "VTIMEZONE", "STANDARD", "DAYLIGHT"}
_FOLD = re.compile(r"(\r\n|\n|\r)[ \t]")
_LINE = re.compile(r"\r\n|\n|\r")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_HURTS = re.compile(
    r"FREQ=(SECONDLY|MINUTELY|HOURLY)|BY(SECOND|MINUTE)=[^;]*,|INTERVAL=0+(;|$)", re.IGNORECASE
)

Span = tuple[datetime, datetime]


def read_busy(asked: dict[str, Any]) -> dict[str, object]:
    """Fetch and expand: {"busy": [[from, until], …]} in UTC, or {"problem": code}.

    Wants `address`, `zone` (of the person: whole days and times without a zone are theirs), `start`, `end`
    and `detours`. Whatever goes wrong is told as a code: a traceback could show the address.
    """
    try:
        detours = {host: (place[0], int(place[1])) for host, place in asked["detours"].items()}
        content = fetch(asked["address"], detours=detours, patience=PATIENCE)
        start, end = (datetime.fromisoformat(asked[name]) for name in ("start", "end"))
        spans = busy_times(content, asked["zone"], start, end)
        return {"busy": [[one.isoformat() for one in span] for span in spans]}
    except FetchFailed as failed:
        return {"problem": failed.code}
    except Unreadable as unreadable:
        return {"problem": unreadable.code}
    except MemoryError:
        return {"problem": "too_heavy"}
    except Exception:  # a library stumbled over what the file says
        return {"problem": "not_a_calendar"}


class Unreadable(Exception):
    """No busy times can be had of this content; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def busy_times(content: bytes, zone: str, start: datetime, end: datetime) -> list[Span]:
    """Merged spans between two moments in which this calendar says busy."""
    calendar = Calendar.from_ical("\r\n".join(_kept_lines(_text(content))) + "\r\n")
    if str(calendar.get("METHOD", "")).upper() == "CANCEL":
        return []
    found: list[Span] = []
    local = ZoneInfo(zone)
    for span in (*_of_events(calendar, local, start, end), *_of_free_busy(calendar, local)):
        first, last = max(span[0], start), min(span[1], end)
        if first < last:
            found.append((first, last))
        if len(found) > MOST_TIMES:
            raise Unreadable("too_many_times")
    return _merged(found)


def _of_events(calendar: Calendar, local: ZoneInfo, start: datetime, end: datetime) -> Iterator[Span]:
    day = timedelta(days=1)  # whole days and times without a zone are placed by the person's own clock
    query = recurring_ical_events.of(calendar, skip_bad_series=True)
    for event in query.between(start - day, end + day):
        free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
        free = free or str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "FREE"
        if not free and str(event.get("STATUS", "")).upper() != "CANCELLED":
            yield _moment(event["DTSTART"].dt, local), _moment(event["DTEND"].dt, local)


def _of_free_busy(calendar: Calendar, local: ZoneInfo) -> Iterator[Span]:
    for component in calendar.walk("VFREEBUSY"):
        given = component.get("FREEBUSY", [])
        for period in given if isinstance(given, list) else [given]:
            if str(period.params.get("FBTYPE", "BUSY")).upper() != "FREE":
                yield _moment(period.start, local), _moment(period.end, local)


def _text(content: bytes) -> str:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8-sig", errors="replace")


def _kept_lines(text: str) -> Iterator[str]:
    """The lines that say when, without alarms and tasks; refuses what is no calendar or meant to hurt."""
    inside: list[str] = []
    events = 0
    lines = _LINE.split(_FOLD.sub("", text))
    if next((line for line in lines if line.strip()), "").strip().upper() != "BEGIN:VCALENDAR":
        raise Unreadable("not_a_calendar")
    for line in lines:
        found = _NAME.match(line)
        name = found[0].upper() if found else ""
        value = line.partition(":")[2].strip().upper()
        if name == "BEGIN":
            inside.append(value)
            events += value == "VEVENT"
        if name in KEPT and all(one in COMPONENTS for one in inside):
            if name == "RRULE" and _HURTS.search(line):
                raise Unreadable("too_often")
            yield line
        if name == "END" and inside:
            inside.pop()
        if len(inside) > MOST_NESTED:
            raise Unreadable("not_a_calendar")
        if events > MOST_EVENTS:
            raise Unreadable("too_many_events")


def _moment(value: date | datetime, local: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(), tzinfo=local)
    elif value.tzinfo is None:
        value = value.replace(tzinfo=local)
    return value.astimezone(UTC)


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
