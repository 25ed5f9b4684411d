"""Trouble in calls as a pattern: counts of calls from which no person can be recognised.

Every count of trouble stands for MIN_PEOPLE people at least, also the difference between two readings of a
report, and between the report of a livestream and that of its circle.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

MIN_PEOPLE = 4
ROUNDED_TO = 5  # minutes
MIN_TOGETHER = timedelta(minutes=1)  # shorter, and silence proves nothing
MIN_LATE = timedelta(minutes=2)
CAUSES = ("no_connection", "no_relay", "late", "denied", "no_devices", "absent")
OF_DEVICES = {"denied", "no_devices"}


@dataclass(frozen=True)
class Stay:
    """One browser in a call; `left_at` is the end of the call for one that never left."""

    user_id: str
    entered_at: datetime
    left_at: datetime
    connected_at: datetime | None = None
    trouble: str | None = None
    browser: str | None = None
    version: int | None = None
    network: str | None = None


@dataclass(frozen=True)
class Call:
    """The call of one agreed coffee whose time is over, with at least one stay."""

    starts_at: datetime
    ends_at: datetime
    met: bool
    people: frozenset[str]
    stays: tuple[Stay, ...]
    occasion: str | None = None


@dataclass(frozen=True)
class Affected:
    """One person in one call with trouble."""

    user_id: str
    cause: str
    lost: timedelta
    browser: str | None = None
    version: int | None = None
    relay: bool = False


@dataclass(frozen=True)
class Pattern:
    """`browser` None: of more than one, or unknown. `relay`: all of them went through a relay."""

    cause: str
    calls: int
    of: int
    minutes: int
    browser: str | None = None
    version: int | None = None
    relay: bool = False


Seen = list[tuple[Call, list[Affected]]]


def affected_in(call: Call) -> list[Affected]:
    devices = any(stay.trouble in OF_DEVICES for stay in call.stays)
    found = []
    for user_id in sorted(call.people):
        own = sorted((stay for stay in call.stays if stay.user_id == user_id), key=attrgetter("entered_at"))
        others = [stay for stay in call.stays if stay.user_id != user_id]
        if not own:
            if not call.met and others:
                found.append(Affected(user_id, "absent", max(_within(call, stay) for stay in others)))
            continue
        heard = min((stay.connected_at for stay in own if stay.connected_at), default=None)
        together = sum((_shared(call, one, other) for one in own for other in others), timedelta())
        lost = together if heard is None else _until(call, own, others, heard)
        cause = _cause({stay.trouble for stay in own}, heard, together, lost, devices=devices)
        if cause is not None:
            last = own[-1]
            relay = last.network == "relay"
            found.append(Affected(user_id, cause, lost, last.browser, last.version, relay))
    return found


def patterns(calls: Sequence[Call]) -> list[Pattern]:
    """Patterns of the calls of one livestream; the most frequent first."""
    return _ordered([row for cause in CAUSES for row in _of_cause(cause, [_look_at(calls)])])


def patterns_of_circle(calls: Sequence[Call]) -> list[Pattern]:
    """Sums what the reports of its livestreams show; the rest is one group, which shows as little."""
    ordered = sorted(calls, key=lambda call: call.occasion or "")
    groups = [(occasion, _look_at(list(some))) for occasion, some in groupby(ordered, attrgetter("occasion"))]
    found = []
    for cause in CAUSES:
        told = [seen for occasion, seen in groups if occasion is not None and _readable(cause, seen)]
        rest = _look_at([call for _o, seen in groups if seen not in told for call, _affected in seen])
        found.extend(_of_cause(cause, [*told, rest]))
    return _ordered(found)


def _ordered(found: list[Pattern]) -> list[Pattern]:
    return sorted(found, key=lambda pattern: (-pattern.calls, CAUSES.index(pattern.cause)))


def _look_at(calls: Sequence[Call]) -> Seen:
    return [(call, affected_in(call)) for call in sorted(calls, key=attrgetter("ends_at"))]


def _of_cause(cause: str, groups: list[Seen]) -> list[Pattern]:
    """One row, or one for each browser where in each group each browser had MIN_PEOPLE of its own."""
    shown: Seen = []
    by_browser = cause != "absent"
    for seen in groups:
        part = [
            (call, [one for one in people if one.cause == cause])
            for call, people in seen[: _readable(cause, seen)]
        ]
        users = defaultdict[str | None, set[str]](set)
        for one in (one for _call, people in part for one in people):
            users[one.browser].add(one.user_id)
        by_browser &= None not in users and all(len(some) >= MIN_PEOPLE for some in users.values())
        shown.extend(part)
    if not shown:
        return []
    calls = [call for seen in groups for call, _people in seen]
    if not by_browser:
        return [_pattern(cause, shown, None, len(calls))]
    browsers = {one.browser for _call, people in shown for one in people if one.browser is not None}
    return [
        _pattern(cause, shown, browser, sum(_count_using(browser, seen, cause) for seen in groups))
        for browser in sorted(browsers)
    ]


def _readable(cause: str, seen: Seen) -> int:
    """How many calls the count may reach over, in order of time: each step adds MIN_PEOPLE at once."""
    return _step([{one.user_id for one in people if one.cause == cause} for _call, people in seen])


def _count_using(browser: str, seen: Seen, cause: str) -> int:
    """Calls with this browser: they too move on by steps, or it would be known who uses it."""
    users = [{stay.user_id for stay in call.stays if stay.browser == browser} for call, _people in seen]
    return sum(1 for some in users[: max(_step(users), _readable(cause, seen))] if some)


def _step(people: list[set[str]]) -> int:
    """The end of the last run of calls that had MIN_PEOPLE people between them; 0 without one."""
    end, since = 0, set[str]()
    for number, some in enumerate(people, 1):
        since |= some
        if len(since) >= MIN_PEOPLE:
            end, since = number, set()
    return end


def _pattern(cause: str, shown: Seen, browser: str | None, of: int) -> Pattern:
    hit = [[one for one in people if browser in {None, one.browser}] for _call, people in shown]
    people = [one for some in hit for one in some]
    versions = {one.version for one in people} if browser is not None else set()
    lost = sum((max(one.lost for one in some) for some in hit if some), timedelta())
    return Pattern(
        cause=cause,
        calls=sum(1 for some in hit if some),
        of=of,
        minutes=round(lost / timedelta(minutes=ROUNDED_TO)) * ROUNDED_TO,
        browser=browser,
        version=versions.pop() if len(versions) == 1 else None,
        relay=all(one.relay for one in people),
    )


def _cause(
    troubles: set[str | None],
    heard: datetime | None,
    together: timedelta,
    lost: timedelta,
    *,
    devices: bool,
) -> str | None:
    for cause in ("denied", "no_devices"):
        if cause in troubles:
            return cause
    if heard is not None:
        return "late" if troubles - {None} and lost >= MIN_LATE else None
    if "no_relay" in troubles:
        return "no_relay"
    # The partner of somebody without a microphone hears nothing though the connection is fine.
    silent = together >= MIN_TOGETHER and not devices
    return "no_connection" if silent or "no_connection" in troubles else None


def _until(call: Call, own: list[Stay], others: list[Stay], heard: datetime) -> timedelta:
    """From the time both were there until sound or picture came."""
    both = max(call.starts_at, own[0].entered_at, min((one.entered_at for one in others), default=heard))
    return max(timedelta(), heard - both)


def _within(call: Call, stay: Stay) -> timedelta:
    return max(timedelta(), min(stay.left_at, call.ends_at) - max(stay.entered_at, call.starts_at))


def _shared(call: Call, one: Stay, other: Stay) -> timedelta:
    start = max(one.entered_at, other.entered_at, call.starts_at)
    return max(timedelta(), min(one.left_at, other.left_at, call.ends_at) - start)
