"""Report counts from rows already read: the funnel and the attendance curve of one livestream."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import accumulate

from events.presence.rules import Interval

MIN_ANSWERS = 4  # below this a total would give somebody's answer away
POINTS = 30


@dataclass(frozen=True)
class Step:
    """One step from registered to worth it; `share` is a whole percentage of the widest step."""

    name: str
    count: int
    share: int


@dataclass(frozen=True)
class Point:
    """How many were there at a moment."""

    at: datetime
    viewers: int


def funnel(counts: dict[str, int | None]) -> list[Step]:
    """Steps in the given order; a step that may not be told (None) is left out."""
    told = {name: count for name, count in counts.items() if count is not None}
    widest = max(told.values(), default=0)
    return [Step(name, count, round(100 * count / widest) if widest else 0) for name, count in told.items()]


def curve(
    attendance: list[list[Interval]], start: datetime, end: datetime, points: int = POINTS
) -> list[Point]:
    """Viewers at evenly spread moments from start to end, both included."""
    if end <= start:
        return []
    step = (end - start) / (points - 1)
    moments = [start + step * number for number in range(points)]
    # One person's stays do not overlap, so who comes and who has gone is counted, and added up in the end.
    change = [0] * (points + 1)
    for first, last in (stay for stays in attendance for stay in stays):
        came, gone = bisect_left(moments, first), bisect_right(moments, last)
        change[came] += 1
        change[max(came, gone)] -= 1
    return [Point(moment, there) for moment, there in zip(moments, accumulate(change), strict=False)]


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


def month_around(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """The start of the month of a day, and of the one after it, by the clocks of a zone."""
    first = datetime(day.year, day.month, 1, tzinfo=zone)
    following = first.date() + timedelta(days=31)
    return first, datetime(following.year, following.month, 1, tzinfo=zone)


def path(points: list[Point], width: int, height: int) -> str:
    """The curve as an SVG path of that many units, most viewers at the top."""
    most = max((point.viewers for point in points), default=0) or 1
    across = width / max(1, len(points) - 1)
    spots = [
        f"{round(number * across)} {round(height - height * point.viewers / most)}"
        for number, point in enumerate(points)
    ]
    return "M" + " L".join(spots) if spots else ""
