"""The attendance curve as a drawing of lines and bars, and the same figures as rows of a table."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime

from events.insights.rules import figures
from events.insights.rules.figures import Point

WIDTH, HEIGHT, BARS = 400, 130, 30
MIN_APART = 16  # units between two numbers that can be told apart


@dataclass(frozen=True)
class Mark:
    """An agenda item, at the time it began, or at the planned one while no item has a time of its own."""

    at: datetime
    title: str


@dataclass(frozen=True)
class Numbered:
    """A mark on the curve: its number, where it stands, and how many watched. `shown`: not too close to
    the number before it.
    """

    number: int
    at: datetime
    title: str
    x: int
    viewers: int
    shown: bool


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Row:
    at: datetime
    viewers: int
    said: int
    titles: list[str]


@dataclass(frozen=True)
class Drawing:
    """`during`: the agenda item in which the chat was busiest."""

    path: str
    marks: list[Numbered]
    bars: list[Bar]
    bar_width: int
    peak: Point
    peak_x: int
    busiest: Row | None
    during: str
    rows: list[Row]


def draw(points: list[Point], said: list[int], marks: list[Mark]) -> Drawing | None:
    """None while nobody watched."""
    peak = figures.peak(points)
    if peak is None:
        return None
    numbered = _numbered(points, marks)
    rows = [
        Row(
            point.at,
            point.viewers,
            count,
            [mark.title for mark in marks if _place(points, mark.at) == number],
        )
        for number, (point, count) in enumerate(zip(points, said, strict=True))
    ]
    best = figures.busiest(said)
    busiest = None if best is None else rows[best]
    return Drawing(
        path=path(points, WIDTH, HEIGHT),
        marks=numbered,
        bars=_bars(said),
        bar_width=WIDTH // len(points) - 4,
        peak=peak,
        peak_x=_x(points, peak.at),
        busiest=busiest,
        during=_during(marks, busiest.at) if busiest else "",
        rows=rows,
    )


def path(points: list[Point], width: int, height: int) -> str:
    """The curve as an SVG path of that many units, most viewers at the top."""
    most = max((point.viewers for point in points), default=0) or 1
    across = width / max(1, len(points) - 1)
    spots = [
        f"{round(number * across)} {round(height - height * point.viewers / most)}"
        for number, point in enumerate(points)
    ]
    return "M" + " L".join(spots) if spots else ""


def _numbered(points: list[Point], marks: list[Mark]) -> list[Numbered]:
    found: list[Numbered] = []
    last = -MIN_APART
    for number, mark in enumerate(marks, start=1):
        x = _x(points, mark.at)
        shown = x - last >= MIN_APART
        last = x if shown else last
        viewers = points[_place(points, mark.at)].viewers
        found.append(Numbered(number, mark.at, mark.title, x, viewers, shown))
    return found


def _bars(said: list[int]) -> list[Bar]:
    most, step = max(said, default=0), WIDTH / max(1, len(said) - 1)
    heights = [(number, -(-BARS * count // most)) for number, count in enumerate(said) if count]
    return [Bar(round(number * step) + 2, HEIGHT - height, height) for number, height in heights]


def _during(marks: list[Mark], at: datetime) -> str:
    return next((mark.title for mark in reversed(marks) if mark.at <= at), "")


def _place(points: list[Point], at: datetime) -> int:
    """The last point that is not after a time; the first for an earlier one."""
    return max(0, bisect_right([point.at for point in points], at) - 1)


def _x(points: list[Point], at: datetime) -> int:
    first, last = points[0].at, points[-1].at
    return round(WIDTH * max(0.0, min(1.0, (at - first) / (last - first))))
