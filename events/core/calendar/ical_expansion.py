"""Expansion of a calendar to busy spans: single events, recurring series, exceptions and overrides."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from events.core.calendar.ical_event import DAY, Entry, Span, moment_of, read_entry
from events.core.calendar.ical_parser import Component, Unreadable
from events.core.calendar.ical_values import Moment, in_utc, read_duration, read_moment, wall_clock
from events.core.calendar.recurrence import Rule, TooOften, TooSlow, occurrences, read_rule
from events.core.calendar.timezones import Zones

MAX_ALL_OCCURRENCES = 200_000


class Entries:
    """Entries of one calendar; `notes` counts by kind what was skipped or read as busy in the
    window.
    """

    def __init__(self, calendar: Component, zones: Zones, window: Span, owners: Collection[str]) -> None:
        self.notes: Counter[str] = Counter()
        self._zones, self._owners = zones, owners
        self._start, self._end = window
        self._expanded = 0
        self._masters: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
        self._changes: dict[str, list[Entry]] = defaultdict(list)
        for event in calendar.parts:
            if event.name == "VEVENT":
                self._add(event)

    def spans(self) -> Iterator[Span]:
        """Busy spans, unmerged and not clipped to the window."""
        for entries in self._masters.values():
            for entry in _newest(entries):
                uid = entry.event.value("UID")
                yield from self._of(entry, self._changes.get(uid, []) if uid else [])
        for changes in self._changes.values():
            for change in changes:
                if change.busy:
                    yield self._noted(change, change.span(change.start.at))

    def _add(self, event: Component) -> None:
        entry = read_entry(event, self._zones, self._owners)
        if entry is None:
            self.notes["no_start"] += 1
            return
        uid = event.value("UID")
        if uid and self._recurrence_id(entry) is not None:
            self._changes[uid].append(entry)
        else:
            key = (uid, entry.start) if uid else (id(event),)
            self._masters[key].append(entry)

    def _of(self, entry: Entry, changes: list[Entry]) -> Iterator[Span]:
        event = entry.event
        repeats = [one.value for one in event.all("RRULE") if one.value.strip()]
        if not entry.busy:
            return
        if not repeats and not event.all("RDATE"):
            if not self._is_left_out(entry, entry.start.at, changes, self._exceptions(entry)):
                yield self._noted(entry, entry.span(entry.start.at))
            return
        exceptions = self._exceptions(entry)
        found: set[datetime] = set() if repeats else {entry.start.at}
        for text in repeats:
            try:
                found |= self._expanded_from(entry, read_rule(text))
            except TooSlow:
                found |= self._expanded_from(entry, replace(read_rule(text), clear=False))
            except TooOften:
                self.notes["too_often"] += 1
                yield self._throughout(entry, read_rule(text))
        for rule in (read_rule(one.value) for one in event.all("EXRULE")):
            try:
                found -= self._expanded_from(entry, rule, excluded=True) if rule.clear else set()
            except (TooOften, TooSlow):
                entry.kinds.add("unclear_date")
        spans = {entry.span(at) for at in found if not self._is_left_out(entry, at, changes, exceptions)}
        spans |= set(self._dates(entry, changes, exceptions))
        for span in sorted(spans):
            yield self._noted(entry, self._moved(entry, span, changes))

    def _expanded_from(self, entry: Entry, rule: Rule, *, excluded: bool = False) -> set[datetime]:
        if not rule.clear:
            entry.kinds.add("unclear_rule")
        margin = min(entry.length, timedelta(days=3660)) + 2 * DAY
        first, last = (wall_clock(at, UTC) for at in (self._start - margin, self._end + 2 * DAY))
        until = self._until(entry, rule)
        found = set(occurrences(rule, entry.start, until, first, last, excluded=excluded))
        self._expanded += len(found)
        if self._expanded > MAX_ALL_OCCURRENCES:
            raise Unreadable("too_heavy")
        return found

    def _until(self, entry: Entry, rule: Rule) -> datetime | None:
        """UNTIL on the wall clock of the series; a date includes that day."""
        limit = rule.until
        if limit is None:
            return None
        if limit.kind == "utc":
            local = wall_clock(limit.at.replace(tzinfo=UTC), entry.zone)
            return max(local, limit.at) if entry.start.is_day else local
        return limit.at + DAY - timedelta(seconds=1) if limit.is_day else limit.at

    def _throughout(self, entry: Entry, rule: Rule) -> Span:
        until = self._until(entry, rule)
        last = in_utc(until, entry.zone) if until is not None else self._end
        return in_utc(entry.start.at, entry.zone), max(last, in_utc(entry.start.at, entry.zone))

    def _exceptions(self, entry: Entry) -> set[datetime]:
        """EXDATEs: datetimes in UTC, dates as naive midnights."""
        found: set[datetime] = set()
        for line in entry.event.all("EXDATE"):
            for text in filter(None, (one.strip() for one in line.value.split(","))):
                moment = read_moment(text, line.parameters.get("TZID"))
                if moment is None:
                    entry.kinds.add("unclear_date")
                elif moment.is_day:
                    found.add(moment.at)
                else:
                    found.add(in_utc(moment.at, self._clock(entry, moment)))
                    if entry.start.is_day:
                        found.add(moment.at.replace(hour=0, minute=0, second=0))
        return found

    def _clock(self, entry: Entry, moment: Moment) -> tzinfo:
        """A floating time in a series uses the zone of the series."""
        if moment.kind == "local" and moment.zone is None:
            return entry.zone
        return self._zones.of(moment)

    def _is_left_out(
        self, entry: Entry, at: datetime, changes: list[Entry], exceptions: set[datetime]
    ) -> bool:
        moment, day = in_utc(at, entry.zone), at.replace(hour=0, minute=0, second=0, microsecond=0)
        if moment in exceptions or day in exceptions:
            return True
        for change in changes:
            replaced = self._recurrence_id(change)
            if replaced is not None and (
                in_utc(replaced.at, self._clock(entry, replaced)) == moment
                or (replaced.is_day and replaced.at == day)
                or (entry.start.is_day and replaced.at.replace(hour=0, minute=0, second=0) == day)
            ):
                return True
        return False

    def _recurrence_id(self, entry: Entry) -> Moment | None:
        return moment_of(entry.event.first("RECURRENCE-ID"))

    def _moved(self, entry: Entry, span: Span, changes: list[Entry]) -> Span:
        """Shift an occurrence by the last RANGE=THISANDFUTURE override before it."""
        later = None
        for change in changes:
            given = change.event.first("RECURRENCE-ID")
            replaced = self._recurrence_id(change)
            if (
                given is None
                or replaced is None
                or given.parameters.get("RANGE", "").upper() != "THISANDFUTURE"
            ):
                continue
            since = in_utc(replaced.at, self._clock(entry, replaced))
            if since <= span[0] and (later is None or since > later[0]):
                later = (since, change)
        if later is None:
            return span
        since, change = later
        first = span[0] + (in_utc(change.start.at, change.zone) - since)
        return (first, first + change.length) if change.busy else (first, first)

    def _dates(self, entry: Entry, changes: list[Entry], exceptions: set[datetime]) -> Iterator[Span]:
        for line in entry.event.all("RDATE"):
            for text in {one.strip() for one in line.value.split(",")} - {""}:
                first, _slash, last = text.partition("/")
                moment = read_moment(first, line.parameters.get("TZID"), as_day=entry.start.is_day)
                if moment is None:
                    entry.kinds.add("unclear_date")
                    continue
                at = wall_clock(in_utc(moment.at, self._clock(entry, moment)), entry.zone)
                if self._is_left_out(entry, at, changes, exceptions):
                    continue
                begun, ended = entry.span(at)
                until, length = read_moment(last, line.parameters.get("TZID")), read_duration(last)
                if until is not None:
                    ended = max(begun, in_utc(until.at, self._clock(entry, until)))
                yield begun, begun + length if length is not None and length > timedelta() else ended

    def _noted(self, entry: Entry, span: Span) -> Span:
        """Count the notes of an entry once, if it lies in the window."""
        if entry.kinds and span[0] < self._end and span[1] > self._start:
            self.notes.update(entry.kinds)
            entry.kinds.clear()
        return span


def _newest(entries: list[Entry]) -> list[Entry]:
    """Entries with the highest SEQUENCE."""
    if len(entries) == 1:
        return entries

    def revision(entry: Entry) -> int:
        digits = entry.event.value("SEQUENCE").partition(".")[0]
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0

    last = max(map(revision, entries))
    return [entry for entry in entries if revision(entry) == last]
