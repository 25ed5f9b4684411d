"""Preview picture of a shared link: title, circle, date and cover as PNG. Run in a child process."""

import io
from pathlib import Path
from typing import TypedDict

from PIL import Image, ImageColor, ImageDraw

from events.livestreams.rules.cover_pixels import draw_wall
from events.livestreams.rules.covers import MEETING, lay_wall
from events.livestreams.rules.picture_text import Fonts, text_length, wrap_text, write_text

WIDTH, HEIGHT = 1200, 630
VERSION = 2  # part of what is cached: raise it when the drawing changes
_WALL_WIDTH, _MARGIN, _TOP, _BAR = 480, 60, 58, 14
_PAPER, _INK, _INK_SOFT = "#faf5ea", "#2b1c12", "#5a4636"
_TEXT_WIDTH = WIDTH - _WALL_WIDTH - _BAR - 2 * _MARGIN + 8
_TITLE_SIZES = (82, 74, 66, 58, 50, 44)  # pixels; the first at which the title fits
_MAX_TITLE_LINES = 5
_TITLE_HEIGHT = 350
_SMALL = 30


class Facts(TypedDict):
    """What the picture shows; `fonts` is the directory of the font files, `target` the file to write."""

    title: str
    circle: str
    day: str
    hours: str
    colour: str  # "#rrggbb", or "" for a circle without a colour of its own
    fonts: str
    target: str


def draw_share_picture(facts: Facts) -> None:
    Path(facts["target"]).write_bytes(render(facts))


def render(facts: Facts) -> bytes:
    colour = facts["colour"] or MEETING
    picture = Image.new("RGB", (WIDTH, HEIGHT), _mix(_PAPER, colour, 0.07))
    wall = lay_wall(facts["title"], columns=4, rows=6, ratio=_WALL_WIDTH / HEIGHT)
    picture.paste(draw_wall(wall, _WALL_WIDTH, facts["colour"] or None), (WIDTH - _WALL_WIDTH, 0))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, _BAR, HEIGHT), fill=colour)
    left, fonts = _BAR + _MARGIN, Path(facts["fonts"])
    small, strong = Fonts(fonts, "figtree", _SMALL, 500), Fonts(fonts, "figtree", _SMALL, 650)
    circle = wrap_text(facts["circle"], strong, 1, _TEXT_WIDTH)
    write_text(draw, (left, _TOP), circle[0] if circle else "", strong, _INK_SOFT)
    title, lines = _fit_title(fonts, facts["title"])
    step = round(title.size * 1.12)
    top = 128
    for number, line in enumerate(lines):
        write_text(draw, (left, top + number * step), line, title, _INK)
    write_text(draw, (left, HEIGHT - 128), facts["day"], strong, _INK)
    write_text(draw, (left, HEIGHT - 84), facts["hours"], small, _INK_SOFT)
    written = io.BytesIO()
    picture.quantize(256, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def _fit_title(fonts: Path, title: str) -> tuple[Fonts, list[str]]:
    """The largest size at which the whole title fits; the smallest cuts it with an ellipsis."""
    for size in _TITLE_SIZES:
        font = Fonts(fonts, "petrona", size, 640)
        lines = wrap_text(title, font, 99, _TEXT_WIDTH)
        fits = len(lines) <= _MAX_TITLE_LINES and len(lines) * size * 1.12 <= _TITLE_HEIGHT
        if fits and all(text_length(line, font) <= _TEXT_WIDTH for line in lines):
            return font, lines
    return font, wrap_text(title, font, _MAX_TITLE_LINES, _TEXT_WIDTH)


def _mix(paper: str, colour: str, share: float) -> tuple[int, int, int]:
    below, above = ImageColor.getrgb(paper), ImageColor.getrgb(colour)
    red, green, blue = (
        round(under * (1 - share) + over * share) for under, over in zip(below[:3], above[:3], strict=True)
    )
    return red, green, blue
