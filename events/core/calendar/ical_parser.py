"""Tolerant line-level iCalendar parser (RFC 5545): a bad line costs that line, a bad entry that entry.

Only the properties that say when are kept; of people no more than their answers and addresses, which `busy`
compares and forgets. Entries that ended before the window are dropped while reading, so a history of decades
costs time and no memory.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_ENTRIES = 20_000  # that may still count, of all calendars in a file together
MAX_TIMEZONES = 2_000
DATED = {"DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE"}
KNOWN_PROPERTIES = DATED | {
    "BEGIN", "END", "UID", "SEQUENCE", "DURATION", "RRULE", "EXRULE", "STATUS", "TRANSP",
    "X-MICROSOFT-CDO-BUSYSTATUS", "FREEBUSY", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "METHOD",
    "X-WR-TIMEZONE", "X-WR-CALNAME", "X-LIC-LOCATION", "ATTENDEE",
}  # fmt: skip
COMPONENTS = {"VCALENDAR", "VEVENT", "VFREEBUSY", "VTIMEZONE", "STANDARD", "DAYLIGHT"}
_ENTRIES = {"VEVENT", "VFREEBUSY"}
_FOLD = re.compile(rb"(\r\n|\n|\r)[ \t]")
_NAMES = "|".join(sorted(KNOWN_PROPERTIES, key=len, reverse=True)).encode()
_LINE = re.compile(rb"(?:^|[\r\n])[ \t]*(" + _NAMES + rb")[ \t]*([;:][^\r\n]*)", re.IGNORECASE)
_PARAMETER = re.compile(r';\s*([A-Za-z0-9-]+)\s*=\s*("[^"]*"|[^;]*)')
_BEFORE_A_DATE = re.compile(r":\s*(?=\d{4}-?\d{2}-?\d{2})")
_VALUE = re.compile(r'^((?:[^":]|"[^"]*")*):(.*)$', re.DOTALL)
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")


class Unreadable(Exception):
    """No busy times can be had of this content; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Property:
    """One line: parameters by upper-case name, without their quotes."""

    value: str
    parameters: dict[str, str]


@dataclass(slots=True)
class Component:
    """BEGIN to END with its properties by name, in the order of the file."""

    name: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    parts: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        return self.properties.get(name, [])

    def first(self, name: str) -> Property | None:
        found = self.properties.get(name)
        return found[0] if found else None

    def value(self, name: str) -> str:
        """The first value without spaces around it; empty when there is none."""
        found = self.first(name)
        return found.value.strip() if found is not None else ""


def parse(content: bytes, since: str) -> list[Component]:
    """The calendars of a file, each with its zones and entries. An entry that is not closed ends at the next.

    `since` is the first day that counts, YYYYMMDD.
    """
    reader = _Reader(since)
    for name, rest in _lines(content):
        reader.take(name, rest)
    reader.close("VCALENDAR")
    if not reader.calendars:
        raise Unreadable("not_a_calendar")
    return reader.calendars


class _Reader:
    """`_ignored` is the component being skipped (an alarm, a task), `_open` what is being read."""

    def __init__(self, since: str) -> None:
        self.calendars: list[Component] = []
        self._since = since
        self._open: list[Component] = []
        self._ignored = ""
        self._entries = 0

    def take(self, name: str, rest: str) -> None:
        if name in {"BEGIN", "END"}:
            component = rest[1:].strip().upper()
            if name == "END":
                self.close(component)
            else:
                self._begin(component)
        elif not self._ignored and self._open:
            properties = self._open[-1].properties
            properties.setdefault(name, []).append(_property(name, rest))

    def _begin(self, name: str) -> None:
        if name not in COMPONENTS:
            self._ignored = self._ignored or name
            return
        if name in {"STANDARD", "DAYLIGHT"}:
            if self._ignored or not any(one.name == "VTIMEZONE" for one in self._open):
                return
            self.close("STANDARD")
            self.close("DAYLIGHT")
        else:
            self.close("VCALENDAR" if name == "VCALENDAR" else None)
            if name != "VCALENDAR" and not self._open:
                self._open.append(Component("VCALENDAR"))  # entries without a calendar around them
        self._open.append(Component(name))

    def close(self, name: str | None) -> None:
        """End `name` and what is open inside it; None ends everything but the calendar."""
        if self._ignored and name not in COMPONENTS and name is not None:
            self._ignored = "" if name == self._ignored else self._ignored
            return
        if name is not None and all(one.name != name for one in self._open):
            return
        self._ignored = ""
        while self._open:
            if name is None and self._open[-1].name == "VCALENDAR":
                return
            done = self._open.pop()
            self._keep(done)
            if done.name == name:
                return

    def _keep(self, done: Component) -> None:
        if done.name == "VCALENDAR":
            self.calendars.append(done)
        elif done.name not in _ENTRIES:
            if len(self._open[-1].parts) < MAX_TIMEZONES + MAX_ENTRIES:
                self._open[-1].parts.append(done)
        elif not _is_over(done, self._since):
            self._entries += 1
            if self._entries > MAX_ENTRIES:
                raise Unreadable("too_many_events")
            self._open[-1].parts.append(done)


def _lines(content: bytes) -> Iterator[tuple[str, str]]:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        content = content.decode("utf-16", errors="replace").encode()
    for found in _LINE.finditer(_FOLD.sub(b"", content.removeprefix(b"\xef\xbb\xbf"))):
        yield found[1].decode("ascii").upper(), found[2].decode("utf-8", errors="replace")


def _property(name: str, rest: str) -> Property:
    """`;A=b;C="d":value` apart. In front of a date a colon may be part of an unquoted name of a zone."""
    dated = _BEFORE_A_DATE.search(rest) if name in DATED else None
    if dated is not None:
        head, value = rest[: dated.start()], rest[dated.end() :]
    else:
        found = _VALUE.match(rest)
        head, value = (found[1], found[2]) if found else (rest, "")
    given = {key.upper(): text.strip().strip('"').strip() for key, text in _PARAMETER.findall(head)}
    return Property(value, given)


def _is_over(entry: Component, since: str) -> bool:
    """Whether it is once, and every day it names is before `since`; zones cannot matter then."""
    if entry.name != "VEVENT" or any(
        entry.all(name) for name in ("RRULE", "RDATE", "RECURRENCE-ID", "DURATION")
    ):
        return False
    days = [_DAY.match(one.value.strip()) for name in ("DTSTART", "DTEND") for one in entry.all(name)]
    return bool(entry.all("DTSTART")) and all(
        day is not None and "".join(day.groups()) < since for day in days
    )
