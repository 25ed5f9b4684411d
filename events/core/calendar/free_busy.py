"""Free/busy expansion of an untrusted calendar, run in a child process with limits.

One malformed entry costs at most that entry: unreadable ones are counted by kind, and an unclear
time counts as busy. No title, place or name is kept.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from events.core.calendar.ical_expansion import Entries
from events.core.calendar.ical_parser import Component, Unreadable, parse
from events.core.calendar.ical_values import in_utc, read_duration, read_moment
from events.core.calendar.timezones import Zones
from events.core.network.safe_fetch import FetchFailed, fetch

MAX_BYTES = 32 * 1024 * 1024
MAX_SPANS = 2_000  # beyond it, times are rounded to quarters of an hour
FETCH_TIMEOUT_SECONDS = 15.0  # the child has a few more seconds to expand
DAY = timedelta(days=1)
QUARTER_SECONDS = 900

Span = tuple[datetime, datetime]
__all__ = ["Reading", "Unreadable", "busy_times", "read_busy", "read_calendar"]


@dataclass
class Reading:
    """Merged busy spans, and the number of entries skipped or read as busy, by kind."""

    busy: list[Span] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)


def read_busy(asked: dict[str, Any]) -> dict[str, object]:
    """Fetch and expand: {"busy": [[from, until], …], "notes": {kind: count}} in UTC, or {"problem":
    code}.

    Takes `address`, `zone` (the person's, for whole days and floating times), `start`, `end`,
    `host_overrides` and `owners` (addresses whose declined entries are free). Errors are codes: a
    traceback could show the address.
    """
    try:
        host_overrides = {host: (place[0], int(place[1])) for host, place in asked["host_overrides"].items()}
        content = fetch(
            asked["address"], host_overrides=host_overrides, patience=FETCH_TIMEOUT_SECONDS, most=MAX_BYTES
        )
        start, end = (datetime.fromisoformat(asked[name]) for name in ("start", "end"))
        owners = {*asked.get("owners", ()), *_addresses(unquote(asked["address"]))}
        reading = read_calendar(content, asked["zone"], start, end, owners)
        spans = [[one.isoformat() for one in span] for span in reading.busy]
        return {"busy": spans, "notes": dict(reading.notes)}
    except FetchFailed as failed:
        return {"problem": failed.code}
    except Unreadable as unreadable:
        return {"problem": unreadable.code}
    except MemoryError:
        return {"problem": "too_heavy"}
    except Exception:  # a library failed on malformed input
        return {"problem": "not_a_calendar"}


def busy_times(content: bytes, zone: str, start: datetime, end: datetime) -> list[Span]:
    """Merged busy spans between two datetimes."""
    return read_calendar(content, zone, start, end).busy


def read_calendar(
    content: bytes, zone: str, start: datetime, end: datetime, owners: Collection[str] = ()
) -> Reading:
    """Busy spans and notes of every VCALENDAR in a file."""
    reading = Reading()
    since = f"{start - 3 * DAY:%Y%m%d}"
    for calendar in parse(content, since):
        if calendar.value("METHOD").upper() == "CANCEL":
            continue
        zones = Zones(calendar, ZoneInfo(zone))
        own = {*(one.lower() for one in owners), *_addresses(calendar.value("X-WR-CALNAME"))}
        entries = Entries(calendar, zones, (start, end), own)
        found = [*entries.spans(), *_of_free_busy(calendar, zones, entries.notes)]
        clipped = [(max(first, start), min(last, end)) for first, last in found]
        reading.busy += [(first, last) for first, last in clipped if first < last]
        reading.notes.update({kind: count for kind, count in entries.notes.items() if count})
    reading.busy = _merged(reading.busy)
    if len(reading.busy) > MAX_SPANS:
        reading.busy = _merged([(_quarter(first, 0), _quarter(last, 1)) for first, last in reading.busy])
    return reading


def _addresses(text: str) -> set[str]:
    """Email addresses in a calendar's name or secret URL, where Google writes them."""
    pieces = text.replace("?", "/").replace("&", "/").split("/")
    return {piece.strip().lower() for piece in pieces if piece.count("@") == 1 and " " not in piece.strip()}


def _of_free_busy(calendar: Component, zones: Zones, notes: Counter[str]) -> list[Span]:
    spans: list[Span] = []
    for component in calendar.parts:
        for line in component.all("FREEBUSY"):
            if line.parameters.get("FBTYPE", "BUSY").upper() == "FREE":
                continue
            for text in filter(None, (one.strip() for one in line.value.split(","))):
                first, _slash, last = text.partition("/")
                moment, until, length = read_moment(first), read_moment(last), read_duration(last)
                if moment is None:
                    notes["no_start"] += 1
                    continue
                start = in_utc(moment.at, zones.of(moment))
                end = (
                    in_utc(until.at, zones.of(until))
                    if until is not None
                    else start + (length or timedelta())
                )
                if end < start or (until is None and length is None):
                    notes["unclear_end"] += 1
                    end = start + timedelta(hours=1)
                spans.append((start, end))
    return spans


def _quarter(at: datetime, up: int) -> datetime:
    seconds = (at.minute * 60 + at.second) % QUARTER_SECONDS
    floor = at.replace(microsecond=0) - timedelta(seconds=seconds)
    return floor + timedelta(seconds=QUARTER_SECONDS) if up and (seconds or at.microsecond) else floor


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
