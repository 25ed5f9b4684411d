"""Time zone resolution for calendars: IANA, Windows and display names, offsets, and VTIMEZONE definitions."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from io import StringIO
from zoneinfo import ZoneInfo, available_timezones

from dateutil.tz import tzical
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from events.core.calendar.ical_parser import Component
from events.core.calendar.ical_values import Moment, fixed, read_moment, read_offset

MAX_DEFINITIONS_USED = 50
_DAY = r"[+-]?\d?(MO|TU|WE|TH|FR|SA|SU)"
_YEARLY = re.compile(
    rf"FREQ=YEARLY(;(INTERVAL=1|BYMONTH=\d{{1,2}}|BYDAY={_DAY}|BYMONTHDAY=-?\d{{1,2}}(,-?\d{{1,2}})*"
    r"|WKST=(MO|SU)|UNTIL=\d{8}(T\d{6}Z?)?|COUNT=\d{1,3}))*;?$"
)
_OFFSET = re.compile(r"(?:UTC|GMT|^)\s*([+-]\s*\d{1,2}(?:[:.]?\d{2})?)\b", re.IGNORECASE)
_STANDARD = re.compile(
    r"\s*\(?\b(standard time|daylight time|summer time|standaardtijd|zomertijd|time|tijd|zeit)\b\)?.*",
    re.IGNORECASE,
)
# Aliases that no database has: abbreviations of summer times and colloquial names.
_ALSO = {
    "cest": "Europe/Berlin",
    "mez": "Europe/Berlin",
    "mesz": "Europe/Berlin",
    "eest": "Europe/Helsinki",
    "west": "Europe/Lisbon",
    "bst": "Europe/London",
    "edt": "America/New_York",
    "cdt": "America/Chicago",
    "mdt": "America/Denver",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "cst": "America/Chicago",
    "est": "America/New_York",
    "mst": "America/Denver",
    "z": "UTC",
    "coordinated universal": "UTC",
    "central european": "Europe/Berlin",
    "mitteleuropäische": "Europe/Berlin",
    "west-europa": "Europe/Berlin",
    "western european": "Europe/Lisbon",
    "eastern european": "Europe/Helsinki",
    "british": "Europe/London",
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "atlantic": "America/Halifax",
    "us eastern": "America/New_York",
    "us central": "America/Chicago",
    "us pacific": "America/Los_Angeles",
    "us mountain": "America/Denver",
    "india": "Asia/Kolkata",
    "indian": "Asia/Kolkata",
    "japan": "Asia/Tokyo",
    "china": "Asia/Shanghai",
    "brasilia": "America/Sao_Paulo",
    "new delhi": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "beijing": "Asia/Shanghai",
    "osaka": "Asia/Tokyo",
    "bern": "Europe/Zurich",
    "abu dhabi": "Asia/Dubai",
    "pretoria": "Africa/Johannesburg",
    "edinburgh": "Europe/London",
    "kyiv": "Europe/Kyiv",
    "wellington": "Pacific/Auckland",
    "saint petersburg": "Europe/Moscow",
    "st. petersburg": "Europe/Moscow",
    "baja california": "America/Tijuana",
    "georgetown": "America/Guyana",
    "islamabad": "Asia/Karachi",
    "arizona": "America/Phoenix",
    "alaskan": "America/Anchorage",
    "newfoundland": "America/St_Johns",
}


class Zones:
    """Zones of one calendar: its VTIMEZONEs, and `floating` for times without a zone."""

    def __init__(self, calendar: Component, owner: ZoneInfo) -> None:
        self.owner = owner
        self._definitions: dict[str, Component] = {}
        for part in calendar.parts:
            if part.name == "VTIMEZONE":
                self._definitions.setdefault(_key(part.value("TZID")), part)
        self._found: dict[str, tzinfo | None] = {}
        self._built = 0
        own = calendar.value("X-WR-TIMEZONE")
        self.floating: tzinfo = (self._find(own) if own else None) or owner

    def find(self, name: str | None) -> tzinfo | None:
        """Zone of a TZID; the floating one for None; None if unknown."""
        if name is None or (not name and "" not in self._definitions):
            return self.floating
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def of(self, moment: Moment) -> tzinfo:
        """Zone of a wall-clock time; unknown zones count as floating."""
        if moment.kind == "utc":
            return UTC
        return self.owner if moment.is_day else self.find(moment.zone) or self.floating

    def _find(self, name: str) -> tzinfo | None:
        known = iana(name)
        if known is not None:
            return known
        definition = self._definitions.get(_key(name))
        if definition is not None:
            place = iana(definition.value("X-LIC-LOCATION"))
            if place is not None:
                return place
            self._built += 1
            built = _built(definition) if self._built <= MAX_DEFINITIONS_USED else None
            if built is not None:
                return built
        return named(name)


def iana(name: str) -> ZoneInfo | None:
    """IANA zone by name, case-insensitive, also behind a prefix such as `/mozilla.org/20050126_1/`."""
    words = _key(name).replace(" ", "_").strip("/")
    parts = words.split("/")
    for count in (3, 2, 1):
        found = _zones().get("/".join(parts[-count:]))
        if found is not None and (count > 1 or len(parts) == 1 or parts[-1] in {"utc", "gmt"}):
            return ZoneInfo(found)
    return None


@cache
def named(name: str) -> tzinfo | None:
    """Zone by a Windows name, an Outlook display name, a city or an offset."""
    words = _key(name)
    bare = re.sub(r"^\((utc|gmt)[^)]*\)\s*|\s+\(?\d+\)?$", "", words).strip()
    if bare in {"utc", "gmt"} or "coordinated universal" in bare:
        return UTC
    found = _windows().get(bare) or _windows().get(_STANDARD.sub("", bare) + " standard time")
    candidates = [found] if found else []
    candidates += [_ALSO[one] for one in (bare, _STANDARD.sub("", bare).strip()) if one in _ALSO]
    pieces = [piece.strip(" .'") for piece in re.split(r"[,/;:&()]|\band\b|\ben\b", bare)]
    for piece in filter(None, pieces):
        short = re.sub(r"\s+(islands?|time|is\.)$", "", piece)
        candidates += [_ALSO[one] for one in (piece, short) if one in _ALSO]
        for one in (piece, short, piece.replace(" ", "")):
            candidates += _cities().get(one.replace(" ", "_"), [])
    offset = _stated_offset(words)
    if offset is None:
        return ZoneInfo(candidates[0]) if candidates else None
    fitting = [one for one in candidates if offset in _offsets(one)]
    return ZoneInfo(fitting[0]) if fitting else fixed(offset)


def _key(name: str) -> str:
    return " ".join(name.strip().strip('"').casefold().split())


def _stated_offset(words: str) -> timedelta | None:
    found = _OFFSET.search(words)
    return read_offset(re.sub(r"\s", "", found[1]).replace(".", ":")) if found else None


@cache
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


@cache
def _windows() -> dict[str, str]:
    return {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}


@cache
def _cities() -> dict[str, list[str]]:
    cities: dict[str, list[str]] = {}
    for name in sorted(available_timezones()):
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/")):
            cities.setdefault(name.rpartition("/")[2].casefold(), []).append(name)
    return cities


@cache
def _offsets(name: str) -> set[timedelta]:
    zone = ZoneInfo(name)
    found = (datetime(2026, month, 1, tzinfo=UTC).astimezone(zone).utcoffset() for month in (1, 7))
    return {offset for offset in found if offset is not None}


def _built(definition: Component) -> tzinfo | None:
    """A VTIMEZONE with missing parts filled in; None when no part has an offset."""
    lines = ["BEGIN:VTIMEZONE", "TZID:zone"]
    parts = [(part, read_offset(part.value("TZOFFSETTO"))) for part in definition.parts]
    for part, offset in parts:
        if offset is None:
            continue
        others = [one for other, one in parts if one is not None and other.name != part.name]
        before = read_offset(part.value("TZOFFSETFROM"))
        before = before if before is not None else (others[0] if others else offset)
        start = read_moment(part.value("DTSTART"))
        lines += [
            f"BEGIN:{part.name}",
            f"DTSTART:{start.at:%Y%m%dT%H%M%S}" if start else "DTSTART:19700101T000000",
        ]
        lines += [f"TZOFFSETFROM:{_signed(before)}", f"TZOFFSETTO:{_signed(offset)}", *_onsets(part)]
        lines.append(f"END:{part.name}")
    try:
        found: tzinfo | None = tzical(StringIO("\r\n".join([*lines, "END:VTIMEZONE", ""]))).get()
        return found
    except (ValueError, TypeError, AttributeError, IndexError):
        return None


def _onsets(part: Component) -> Iterable[str]:
    """Yearly rules only; other rules are no zone changes."""
    for rule in part.all("RRULE"):
        words = re.sub(r"\s|;?BY(HOUR|MINUTE|SECOND)=[\d,]*", "", rule.value.upper())  # as in DTSTART
        if _YEARLY.match(words):
            yield f"RRULE:{words}"
    for dates in part.all("RDATE")[:200]:
        moments = [read_moment(one.partition("/")[0]) for one in dates.value.split(",")[:200]]
        days = [f"{one.at:%Y%m%dT%H%M%S}" for one in moments if one is not None]
        if days:
            yield f"RDATE:{','.join(days)}"


def _signed(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
