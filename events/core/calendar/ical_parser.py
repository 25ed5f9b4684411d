"""Tolerant line-level iCalendar parser (RFC 5545): a malformed line or entry costs only itself.

Keeps only time properties, and of attendees their addresses and replies, which free/busy compares
and discards. Past entries are dropped while parsing, so decades of history cost no memory.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_ENTRIES = 20_000  # not past, over all calendars of a file
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
    """Content without usable busy times; `code` names the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Property:
    """One content line: value and unquoted parameters by upper-case name."""

    value: str
    parameters: dict[str, str]


@dataclass(slots=True)
class Component:
    """A component with its properties by name, in file order."""

    name: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    parts: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        return self.properties.get(name, [])

    def first(self, name: str) -> Property | None:
        found = self.properties.get(name)
        return found[0] if found else None

    def value(self, name: str) -> str:
        """First value, stripped; "" when absent."""
        found = self.first(name)
        return found.value.strip() if found is not None else ""


def parse(content: bytes, since: str) -> list[Component]:
    """Calendars of a file with their zones and entries. An unclosed entry ends at the next BEGIN.

    Entries that ended before `since` (YYYYMMDD) are dropped. Raises Unreadable.
    """
    reader = _Reader(since)
    for name, rest in _lines(content):
        reader.take(name, rest)
    reader.close("VCALENDAR")
    if not reader.calendars:
        raise Unreadable("not_a_calendar")
    return reader.calendars


class _Reader:
    """`_ignored` is the component being skipped (an alarm, a task), `_open` the stack being parsed."""

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
                self._open.append(Component("VCALENDAR"))  # entries outside a VCALENDAR
        self._open.append(Component(name))

    def close(self, name: str | None) -> None:
        """End `name` and everything open inside it; None ends all but the calendar."""
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
    """Split `;A=b;C="d":value`. Before a date, a colon may belong to an unquoted zone name."""
    dated = _BEFORE_A_DATE.search(rest) if name in DATED else None
    if dated is not None:
        head, value = rest[: dated.start()], rest[dated.end() :]
    else:
        found = _VALUE.match(rest)
        head, value = (found[1], found[2]) if found else (rest, "")
    given = {key.upper(): text.strip().strip('"').strip() for key, text in _PARAMETER.findall(head)}
    return Property(value, given)


def _is_over(entry: Component, since: str) -> bool:
    """Whether it is a single entry and all its dates lie before `since`; zones cannot matter then."""
    if entry.name != "VEVENT" or any(
        entry.all(name) for name in ("RRULE", "RDATE", "RECURRENCE-ID", "DURATION")
    ):
        return False
    days = [_DAY.match(one.value.strip()) for name in ("DTSTART", "DTEND") for one in entry.all(name)]
    return bool(entry.all("DTSTART")) and all(
        day is not None and "".join(day.groups()) < since for day in days
    )
