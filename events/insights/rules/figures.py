"""Report counts from numbers already read: the funnel and the attendance curve of one livestream."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, pairwise

from events.livestreams.rules.states import ON_AIR, OVER

MIN_ANSWERS = 4  # below this a total would give somebody's answer away
POINTS = 30


@dataclass(frozen=True)
class Step:
    """One step from registered to worth it; `share` is a whole percentage of the widest step, and `told`
    whether it is written out: a share of fewer than four people says nothing.
    """

    name: str
    count: int
    share: int
    told: bool


@dataclass(frozen=True)
class Point:
    """How many were there at a moment."""

    at: datetime
    viewers: int


def funnel(counts: dict[str, int | None]) -> list[Step]:
    """Steps in the given order; a step that may not be told (None) is left out."""
    told = {name: count for name, count in counts.items() if count is not None}
    widest = max(told.values(), default=0)
    return [
        Step(name, count, round(100 * count / widest) if widest else 0, widest >= MIN_ANSWERS)
        for name, count in told.items()
    ]


def moments(start: datetime, end: datetime, points: int = POINTS) -> list[datetime]:
    """Evenly spread moments from start to end, both included."""
    if end <= start:
        return []
    step = (end - start) / (points - 1)
    return [start + step * number for number in range(points)]


def curve(counted: Iterable[tuple[int, int, int]], at: list[datetime]) -> list[Point]:
    """Viewers at each moment. `counted` has numbers of people by the first moment that they saw and
    the first one after it that they did not.
    """
    change = [0] * (len(at) + 1)
    for came, gone, people in counted:
        change[came] += people
        change[max(came, gone)] -= people
    return [Point(moment, there) for moment, there in zip(at, accumulate(change), strict=False)]


def spread(times: Iterable[datetime], at: list[datetime]) -> list[int]:
    """How many of the times lie after each moment and not after the next; the last moment has none."""
    counts = [0] * len(at)
    for time in times:
        place = bisect_left(at, time) - 1
        if 0 <= place < len(at) - 1:
            counts[place] += 1
    return counts


def messages(numbers: list[int], changes: list[int]) -> list[int]:
    """Chat messages from each moment until the next. `numbers` are those of the last entry at each
    moment; entries that change or pin a message are numbered too, and left out.
    """
    said = [
        max(0, later - before - gone)
        for (before, later), gone in zip(pairwise(numbers), changes, strict=False)
    ]
    return [*said, 0] if numbers else []


def busiest(said: list[int]) -> int | None:
    """Where the chat was busiest; None while nobody wrote."""
    best = max(range(len(said)), key=said.__getitem__, default=0)
    return best if said and said[best] else None


def phase(state: str, *, held_elsewhere: bool) -> str:
    """What a report can say of a livestream: to_come, on, over, elsewhere, cancelled or missed."""
    if state in {"cancelled", "missed"}:
        return state
    if state in OVER:
        return "elsewhere" if held_elsewhere else "over"
    return "on" if state in ON_AIR else "to_come"


def peak(points: list[Point]) -> Point | None:
    """The first moment with the most viewers; None when nobody came."""
    best = max(points, key=lambda point: point.viewers, default=None)
    return best if best is not None and best.viewers else None


def worth_it(answers: int, yes: int) -> int | None:
    """How many of those who answered found it worth it; None while the total would tell who said what."""
    return yes if answers >= MIN_ANSWERS else None


def came_of(counts: dict[str, int], order: tuple[str, ...]) -> list[tuple[str, int]]:
    """How often each thing came of a coffee, in that order; nothing while a total would tell who said it."""
    if sum(counts.values()) < MIN_ANSWERS:
        return []
    return [(came, counts[came]) for came in order if counts.get(came)]


def share_of(part: int, whole: int) -> int | None:
    """Whole percent; None while it is of fewer than four people."""
    return round(100 * part / whole) if part >= MIN_ANSWERS and whole >= part else None
