"""VEVENT reader: start, zone, length and busy state, as far as each can be parsed."""

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
    """One VEVENT: wall-clock `start`, exact `length`, or whole days for an all-day entry."""

    event: Component
    start: Moment
    zone: tzinfo
    length: timedelta
    busy: bool
    kinds: set[str]

    def span(self, at: datetime) -> Span:
        """Span in UTC of an occurrence; an all-day one lasts until midnight, also on days of clock
        changes.
        """
        first = in_utc(at, self.zone)
        if not self.start.is_day:
            return first, min(first + self.length, datetime.max.replace(tzinfo=UTC) - DAY)
        try:
            return first, in_utc(at + self.length, self.zone)
        except OverflowError:
            return first, datetime.max.replace(tzinfo=UTC) - DAY


def read_entry(event: Component, zones: Zones, owners: Collection[str]) -> Entry | None:
    """Parse an entry; None when it has no usable start."""
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
    """VALUE=DATE entries whose start and end have a time: use the times."""
    lines = (event.first("DTSTART"), event.first("DTEND"))
    first, last = (
        read_moment(line.value, line.parameters.get("TZID")) if line is not None else None for line in lines
    )
    if first is None or last is None or first.is_day or last.is_day or last.at <= first.at:
        return start, end
    return first, last


def _rough(event: Component, end: Moment | None, kinds: set[str]) -> tuple[Moment | None, Moment | None]:
    """Fallback for an unreadable start: its day if readable, else a time before the end."""
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
    """An unreadable end, or one before the start, counts as one hour, or one day for all-day
    entries.
    """
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
    """Free only if every relevant line says so; conflicting lines count as busy."""

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
