"""Reader of one VEVENT: its start, zone, length and whether it is busy, as far as each can be read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from events.core.calendar.ical_parser import Component, Property
from events.core.calendar.ical_values import Moment, in_utc, midnight, read_day, read_duration, read_moment
from events.core.calendar.timezones import Zones

UNKNOWN_LENGTH = timedelta(hours=1)
DAY = timedelta(days=1)
FREE_IN_OUTLOOK = {"FREE", "WORKINGELSEWHERE"}
ABSENT = {"DECLINED", "DELEGATED"}

Span = tuple[datetime, datetime]


@dataclass
class Entry:
    """One VEVENT: `start` on its own clock, `length` exact, or in whole days for a day."""

    event: Component
    start: Moment
    zone: tzinfo
    length: timedelta
    busy: bool
    kinds: set[str]

    def span(self, at: datetime) -> Span:
        """When it is, begun at this wall-clock time; a day lasts until midnight, however long the day is."""
        first = in_utc(at, self.zone)
        if not self.start.is_day:
            return first, min(first + self.length, datetime.max.replace(tzinfo=UTC) - DAY)
        try:
            return first, in_utc(at + self.length, self.zone)
        except OverflowError:
            return first, datetime.max.replace(tzinfo=UTC) - DAY


def read_entry(event: Component, zones: Zones, owners: Collection[str]) -> Entry | None:
    """None when nothing says when it begins."""
    kinds: set[str] = set()
    start = moment_of(event.first("DTSTART"))
    end = moment_of(event.first("DTEND"))
    if start is not None and start.is_day and end is not None:
        start, end = _times_of_day(event, start, end)
    if start is None:
        start, end = _rough(event, end, kinds)
    if start is None:
        return None
    if len({one.value.strip() for one in event.all("DTSTART")}) > 1:
        kinds.add("unclear_time")
    zone = _zone(start, zones, kinds)
    length = _length(event, start, zone, end, zones, kinds)
    return Entry(event, start, zone, length, _is_busy(event, owners), kinds)


def _times_of_day(event: Component, start: Moment, end: Moment) -> tuple[Moment, Moment]:
    """Declared as days (VALUE=DATE), yet with a time in both that makes a length: then those times count."""
    lines = (event.first("DTSTART"), event.first("DTEND"))
    first, last = (
        read_moment(line.value, line.parameters.get("TZID")) if line is not None else None for line in lines
    )
    if first is None or last is None or first.is_day or last.is_day or last.at <= first.at:
        return start, end
    return first, last


def _rough(event: Component, end: Moment | None, kinds: set[str]) -> tuple[Moment | None, Moment | None]:
    """A start that cannot be read: its day where that can be, else the time before the end."""
    given = event.first("DTSTART")
    day = read_day(given.value) if given is not None else None
    if day is not None:
        kinds.add("unclear_time")
        return Moment(midnight(day), "day"), None
    if end is not None and given is not None:
        kinds.add("unclear_time")
        return Moment(end.at - (DAY if end.is_day else UNKNOWN_LENGTH), end.kind, end.zone), end
    return None, None


def moment_of(given: Property | None) -> Moment | None:
    if given is None:
        return None
    as_day = given.parameters.get("VALUE", "").upper() == "DATE"
    return read_moment(given.value.split(",")[0], given.parameters.get("TZID"), as_day=as_day)


def _zone(moment: Moment, zones: Zones, kinds: set[str]) -> tzinfo:
    found = zones.find(moment.zone) if moment.kind == "local" else None
    if moment.kind == "local" and found is None:
        kinds.add("unknown_zone")
    return found or zones.of(moment)


def _length(
    event: Component, start: Moment, zone: tzinfo, end: Moment | None, zones: Zones, kinds: set[str]
) -> timedelta:
    """An end that cannot be read, or lies before the start, is one hour on; of a day, that day."""
    unknown = DAY if start.is_day else UNKNOWN_LENGTH
    if end is not None:
        if start.is_day:
            length = end.at.replace(hour=0, minute=0, second=0) - start.at
            length = length if end.is_day or end.at.hour + end.at.minute == 0 else length + DAY
            length = DAY if length == timedelta() else length
        else:
            last = in_utc(end.at, zones.of(end))
            length = last - in_utc(start.at, zone)
    elif event.all("DURATION"):
        read = read_duration(event.value("DURATION"))
        length = read if read is not None else timedelta(-1)
        if start.is_day and timedelta() <= length:
            length = max(DAY, timedelta(days=-(-length // DAY)))
    else:
        length = timedelta(-1) if event.all("DTEND") else DAY if start.is_day else timedelta()
    if length < timedelta():
        kinds.add("unclear_end")
        return unknown
    return length


def _is_busy(event: Component, owners: Collection[str]) -> bool:
    """Free is what says so in every line about it; of two that differ the busy one counts."""

    def said(name: str) -> set[str]:
        return {one.value.strip().upper() for one in event.all(name)}

    if said("TRANSP") == {"TRANSPARENT"} or said("STATUS") == {"CANCELLED"}:
        return False
    outlook = said("X-MICROSOFT-CDO-BUSYSTATUS")
    if outlook and outlook <= FREE_IN_OUTLOOK:
        return False
    answers = {
        one.parameters.get("PARTSTAT", "").upper()
        for one in event.all("ATTENDEE")
        if one.value.strip().lower().removeprefix("mailto:").strip() in owners
    }
    return not (answers and answers <= ABSENT)
