"""What a report counts, from rows that are already read: the funnel and the curve of an evening."""

from dataclasses import dataclass
from datetime import datetime

from events.presence.rules import Interval

FEWEST_ANSWERS = 4  # below this a total would give somebody's answer away
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
    return [
        Point(moment, sum(any(first <= moment <= last for first, last in stays) for stays in attendance))
        for moment in moments
    ]


def peak(points: list[Point]) -> Point | None:
    """The first moment with the most viewers; None when nobody came."""
    best = max(points, key=lambda point: point.viewers, default=None)
    return best if best is not None and best.viewers else None


def worth_it(answers: list[bool]) -> int | None:
    """How many found it worth it; None while the total would tell who said what."""
    return sum(answers) if len(answers) >= FEWEST_ANSWERS else None


def came_of(answers: list[str], order: tuple[str, ...]) -> list[tuple[str, int]]:
    """How often each thing came of a coffee, in that order; nothing while a total would tell who said it."""
    if len(answers) < FEWEST_ANSWERS:
        return []
    return [(came, answers.count(came)) for came in order if came in answers]


def path(points: list[Point], width: int, height: int) -> str:
    """The curve as an SVG path of that many units, most viewers at the top."""
    most = max((point.viewers for point in points), default=0) or 1
    across = width / max(1, len(points) - 1)
    spots = [
        f"{round(number * across)} {round(height - height * point.viewers / most)}"
        for number, point in enumerate(points)
    ]
    return "M" + " L".join(spots) if spots else ""
