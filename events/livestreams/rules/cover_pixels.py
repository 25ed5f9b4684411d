"""The same wall of tiles as `covers.py`, drawn with Pillow, for pictures where no SVG is shown."""

import itertools
import math

from PIL import Image, ImageDraw

from events.livestreams.rules.covers import GROUT, MEETING, ORNAMENT, ROSETTE, TILE, Wall

_OVERSAMPLING = 2  # drawn larger and reduced, which smooths the edges


class _Pen:
    """Shapes in units of the wall, from the corner of one tile."""

    def __init__(self, draw: ImageDraw.ImageDraw, scale: float, column: int, row: int, top: float) -> None:
        self._draw, self._scale = draw, scale
        self._x, self._y = column * TILE, row * TILE - top

    def _at(self, *units: float) -> list[float]:
        offsets = itertools.cycle((self._x, self._y))
        return [(unit + offset) * self._scale for unit, offset in zip(units, offsets, strict=False)]

    def box(self, x: float, y: float, width: float, height: float, radius: float, fill: str) -> None:
        corners = self._at(x, y, x + width, y + height)
        self._draw.rounded_rectangle(corners, radius * self._scale, fill=fill)

    def ellipse(self, x: float, y: float, across: float, along: float, fill: str) -> None:
        self._draw.ellipse(self._at(x - across, y - along, x + across, y + along), fill=fill)

    def arc(
        self, x: float, y: float, radius: float, colour: str, width: float, start: float, end: float
    ) -> None:
        outer = radius + width / 2  # Pillow draws inwards of the box, SVG on both sides of the path
        corners = self._at(x - outer, y - outer, x + outer, y + outer)
        self._draw.arc(corners, start, end, fill=colour, width=round(width * self._scale))

    def quarter(self, x: float, y: float, radius: float, fill: str, start: float) -> None:
        corners = self._at(x - radius, y - radius, x + radius, y + radius)
        self._draw.pieslice(corners, start, start + 90, fill=fill)

    def line(self, x: float, y: float, to_x: float, to_y: float, colour: str, width: float) -> None:
        self._draw.line(self._at(x, y, to_x, to_y), fill=colour, width=round(width * self._scale))

    def capsule(self, x: float, y: float, angle: float, colour: str) -> None:
        """The handle of a cup at (x, y)."""
        across, down = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        ends = [(x + reach * across, y + reach * down) for reach in (56, 76)]
        self.line(*ends[0], *ends[1], colour, 16)
        for end in ends:
            self.ellipse(*end, 8, 8, colour)


def draw_wall(wall: Wall, width: int, accent: str | None = None) -> Image.Image:
    """The wall, `width` pixels wide and as high as its own crop says."""
    size = (width, round(width * wall.height / (wall.columns * TILE)))
    picture = Image.new("RGB", (size[0] * _OVERSAMPLING, size[1] * _OVERSAMPLING), GROUT)
    draw, scale = ImageDraw.Draw(picture), picture.width / (wall.columns * TILE)

    def pen(column: int, row: int) -> _Pen:
        return _Pen(draw, scale, column, row, wall.top)

    places = itertools.product(range(wall.rows), range(wall.columns))
    for (row, column), glaze in zip(places, wall.glazes, strict=True):
        _draw_tile(pen(column, row), glaze)
    for kind, column, row in wall.ornaments:
        _ORNAMENTS[kind](pen(column, row))
    _draw_meeting(pen(*wall.meeting), accent or MEETING)
    for column in range(wall.columns + 1):
        pen(column, 0).line(0, 0, 0, wall.rows * TILE, GROUT, 4)
    for row in range(wall.rows + 1):
        pen(0, row).line(0, 0, wall.columns * TILE, 0, GROUT, 4)
    return picture.resize(size, Image.Resampling.LANCZOS)


def _draw_tile(pen: _Pen, glaze: str) -> None:
    pen.box(2.5, 2.5, 195, 195, 5, glaze)
    for x, y, start in ((0, 0, 0), (200, 0, 90), (200, 200, 180), (0, 200, 270)):
        pen.quarter(x, y, 24, ROSETTE, start)
    for x, y in itertools.product((31, 169), repeat=2):
        pen.ellipse(x, y, 4.5, 4.5, ROSETTE)


def _draw_ring(pen: _Pen) -> None:
    pen.arc(100, 100, 44, ORNAMENT, 9, 0, 360)


def _draw_dot(pen: _Pen) -> None:
    pen.ellipse(100, 100, 13, 13, ORNAMENT)


def _draw_blossom(pen: _Pen) -> None:
    for x, y, across, along in ((100, 100, 8, 8), (132, 100, 20, 9), (68, 100, 20, 9)):
        pen.ellipse(x, y, across, along, ORNAMENT)
    for y in (132, 68):
        pen.ellipse(100, y, 9, 20, ORNAMENT)


def _draw_leaning(pen: _Pen) -> None:
    for radius in (50, 22):
        pen.arc(152, 100, radius, ORNAMENT, 9, 90, 270)
        pen.arc(248, 100, radius, ORNAMENT, 9, 270, 90)


def _draw_meeting(pen: _Pen, colour: str) -> None:
    pen.box(258, 90, 84, 20, 3, colour)
    for x, angle in ((100, -135), (500, 45)):
        pen.capsule(x, 100, angle, colour)
        pen.arc(x, 100, 56, colour, 13, 0, 360)
        pen.ellipse(x, 100, 37, 37, colour)


_ORNAMENTS = {"ring": _draw_ring, "dot": _draw_dot, "blossom": _draw_blossom, "leaning": _draw_leaning}
