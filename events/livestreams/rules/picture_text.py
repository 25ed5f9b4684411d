"""Text on pictures: a font for each letter, lines that fit; what no font has is left out."""

import unicodedata
from pathlib import Path

from PIL import ImageDraw, ImageFont

# Of letters that a font has not itself.
_OTHER_FILES = (
    "petrona-vietnamese",
    "literata-greek",
    "literata-greek-ext",
    "literata-cyrillic",
    "literata-cyrillic-ext",
)
_IN_NO_FONT = "\uffff"
Run = tuple[str, ImageFont.FreeTypeFont]


class Fonts:
    """A font at one size and weight, with others for letters it has not; a file is read once it is needed."""

    def __init__(self, directory: Path, name: str, size: int, weight: int) -> None:
        self.size = size
        self._files = [
            directory / f"{one}.woff2" for one in (f"{name}-latin", f"{name}-latin-ext", *_OTHER_FILES)
        ]
        self._weight = weight
        self._loaded: dict[Path, ImageFont.FreeTypeFont] = {}
        self._by_letter: dict[str, ImageFont.FreeTypeFont | None] = {}

    def find(self, letter: str) -> ImageFont.FreeTypeFont | None:
        """The first font that has this letter; None for one that is left out."""
        if letter not in self._by_letter:
            file = next((file for file in self._files if _has(file, letter)), None)
            self._by_letter[letter] = self._load(file) if file is not None else None
        return self._by_letter[letter]

    @property
    def ascent(self) -> int:
        return int(self._load(self._files[0]).getmetrics()[0])

    def _load(self, file: Path) -> ImageFont.FreeTypeFont:
        if file not in self._loaded:
            font = ImageFont.truetype(str(file), self.size)
            font.set_variation_by_axes([self._weight])
            self._loaded[file] = font
        return self._loaded[file]


_plain: dict[Path, ImageFont.FreeTypeFont] = {}


def _has(file: Path, letter: str) -> bool:
    """Compared with the box that stands for a missing letter; laid out plainly, so that none is composed."""
    if file not in _plain:
        _plain[file] = ImageFont.truetype(str(file), 24, layout_engine=ImageFont.Layout.BASIC)
    font = _plain[file]
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask(_IN_NO_FONT))


def wrap_text(text: str, fonts: Fonts, most: int, width: float) -> list[str]:
    """Lines no wider than `width`, at most so many; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    for word in _drawable(text, fonts).split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_length(longer, fonts) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    cut = len(lines) > most
    lines = lines[:most]
    for number, line in enumerate(lines):
        shortened = line
        cut_here = cut and number == most - 1
        while shortened and text_length(f"{shortened}…" if cut_here else shortened, fonts) > width:
            shortened, cut_here = shortened[:-1].rstrip(), True
        lines[number] = f"{shortened}…" if cut_here else shortened
    return lines


def text_length(text: str, fonts: Fonts) -> float:
    return sum(font.getlength(run) for run, font in _runs(text, fonts))


def write_text(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, fonts: Fonts, colour: str
) -> None:
    x, y = at
    for run, font in _runs(text, fonts):
        draw.text((x, y + fonts.ascent), run, fill=colour, font=font, anchor="ls")
        x += font.getlength(run)


def _drawable(text: str, fonts: Fonts) -> str:
    composed = unicodedata.normalize("NFC", text)
    return "".join(letter for letter in composed if fonts.find(letter) is not None)


def _runs(text: str, fonts: Fonts) -> list[Run]:
    found: list[Run] = []
    for letter in _drawable(text, fonts):
        font = fonts.find(letter)
        if font is None:
            continue
        if found and found[-1][1] is font:
            found[-1] = (found[-1][0] + letter, font)
        else:
            found.append((letter, font))
    return found
