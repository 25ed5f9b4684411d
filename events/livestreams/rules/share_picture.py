"""Preview picture of a shared link: title, circle, date and cover as PNG. Run in a child process."""

import io
import unicodedata
from pathlib import Path
from typing import TypedDict

from PIL import Image, ImageColor, ImageDraw, ImageFont

from events.livestreams.rules.cover_pixels import draw_wall
from events.livestreams.rules.covers import MEETING, lay_wall

WIDTH, HEIGHT = 1200, 630
VERSION = 1  # part of what is cached: raise it when the drawing changes
_WALL_WIDTH, _MARGIN, _TOP, _BAR = 480, 60, 58, 14
_PAPER, _INK, _INK_SOFT = "#faf5ea", "#2b1c12", "#5a4636"
_TEXT_WIDTH = WIDTH - _WALL_WIDTH - _BAR - 2 * _MARGIN + 8
_TITLE_SIZES = (82, 74, 66, 58, 50, 44)  # pixels; the first at which the title fits
_MAX_TITLE_LINES = 5
_TITLE_HEIGHT = 350
_SMALL = 30
_SUBSETS = ("latin", "latin-ext")  # the fonts come in two files by letters
Fonts = list[ImageFont.FreeTypeFont]


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
    small, strong = load_fonts(fonts, "figtree", _SMALL, 500), load_fonts(fonts, "figtree", _SMALL, 650)
    circle = wrap_text(facts["circle"], strong, 1)
    write_text(draw, (left, _TOP), circle[0] if circle else "", strong, _INK_SOFT)
    title, lines = _fit_title(fonts, facts["title"])
    step = round(title[0].size * 1.12)
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
        font = load_fonts(fonts, "petrona", size, 640)
        lines = wrap_text(title, font, 99)
        fits = len(lines) <= _MAX_TITLE_LINES and len(lines) * size * 1.12 <= _TITLE_HEIGHT
        if fits and all(text_length(line, font) <= _TEXT_WIDTH for line in lines):
            return font, lines
    return font, wrap_text(title, font, _MAX_TITLE_LINES)


def wrap_text(text: str, font: Fonts, most: int, width: float = _TEXT_WIDTH) -> list[str]:
    """Lines no wider than `width`, at most so many; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    for word in _drawable(text).split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_length(longer, font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    cut = len(lines) > most
    lines = lines[:most]
    for number, line in enumerate(lines):
        shortened = line
        cut_here = cut and number == most - 1
        while shortened and text_length(f"{shortened}…" if cut_here else shortened, font) > width:
            shortened, cut_here = shortened[:-1].rstrip(), True
        lines[number] = f"{shortened}…" if cut_here else shortened
    return lines


def load_fonts(fonts: Path, name: str, size: int, weight: int) -> Fonts:
    """One font for each of the two sets of letters."""
    loaded = [ImageFont.truetype(str(fonts / f"{name}-{subset}.woff2"), size) for subset in _SUBSETS]
    for font in loaded:
        font.set_variation_by_axes([weight])
    return loaded


def _drawable(text: str) -> str:
    """Without what neither file has: signs and letters of other scripts."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(letter for letter in composed if letter.isspace() or _subset(letter) is not None)


def _subset(letter: str) -> int | None:
    """Which of the two files has this letter, as the style sheet divides them."""
    code = ord(letter)
    if code <= 0xFF or code in (0x131, 0x152, 0x153, 0x20AC, 0x2122) or 0x2010 <= code <= 0x203A:
        return 0
    return 1 if code <= 0x2BA or 0x1E00 <= code <= 0x1EFF else None


def _runs(text: str, fonts: Fonts) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    found: list[tuple[str, ImageFont.FreeTypeFont]] = []
    for letter in text:
        font = fonts[_subset(letter) or 0]
        if found and found[-1][1] is font:
            found[-1] = (found[-1][0] + letter, font)
        else:
            found.append((letter, font))
    return found


def text_length(text: str, fonts: Fonts) -> float:
    return sum(font.getlength(run) for run, font in _runs(text, fonts))


def write_text(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, fonts: Fonts, colour: str
) -> None:
    x, y = at
    baseline = y + fonts[0].getmetrics()[0]
    for run, font in _runs(_drawable(text), fonts):
        draw.text((x, baseline), run, fill=colour, font=font, anchor="ls")
        x += font.getlength(run)


def _mix(paper: str, colour: str, share: float) -> tuple[int, int, int]:
    below, above = ImageColor.getrgb(paper), ImageColor.getrgb(colour)
    red, green, blue = (
        round(under * (1 - share) + over * share) for under, over in zip(below[:3], above[:3], strict=True)
    )
    return red, green, blue
