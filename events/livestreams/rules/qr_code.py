"""QR code of a link for a slide, with its title below: SVG, and PNG drawn in a child process."""

import io
import textwrap
from pathlib import Path
from typing import TypedDict
from xml.sax.saxutils import escape

import segno
from PIL import Image, ImageDraw

from events.livestreams.rules.picture_text import Fonts, text_length, wrap_text, write_text

_QUIET = 4  # modules of empty border that readers need
_SIDE = 1000  # of the SVG and the PNG
_CODE_WIDTH = 860
_INK, _PAPER = "#2b1c12", "#ffffff"
_TITLE_SIZE, _LINE, _MAX_LINES = 54, 64, 3


class Code(TypedDict):
    """`when` stands below the title; `fonts` is the directory of the fonts, `target` the file to write."""

    url: str
    title: str
    when: str
    fonts: str
    target: str


def qr_svg(url: str, title: str, when: str) -> str:
    matrix = _matrix(url)
    module = _CODE_WIDTH / (len(matrix) + 2 * _QUIET)
    edge = (_SIDE - _CODE_WIDTH) / 2 + _QUIET * module
    squares = "".join(
        f"M{edge + column * module:.2f} {edge + row * module:.2f}h{module:.2f}v{module:.2f}h-{module:.2f}z"
        for row, column in _dark(matrix)
    )
    lines = textwrap.wrap(title, 32, max_lines=_MAX_LINES, placeholder="…") or [""]
    top = _SIDE - 20
    words = "".join(
        f'<text x="{_SIDE // 2}" y="{top + number * _LINE}" font-size="{_TITLE_SIZE}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    below = top + len(lines) * _LINE
    height = below + 50
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {height}" role="img">'
        f"<title>{escape(title)}</title>"
        f'<rect width="{_SIDE}" height="{height}" fill="{_PAPER}"/>'
        f'<path d="{squares}" fill="{_INK}" shape-rendering="crispEdges"/>'
        f'<g fill="{_INK}" font-family="Petrona, Georgia, serif" text-anchor="middle">{words}'
        f'<text x="{_SIDE // 2}" y="{below}" font-size="36">{escape(when)}</text></g></svg>'
    )


def draw_qr_code(code: Code) -> None:
    Path(code["target"]).write_bytes(render_qr_code(code))


def render_qr_code(code: Code) -> bytes:
    matrix = _matrix(code["url"])
    module = _CODE_WIDTH // (len(matrix) + 2 * _QUIET)  # whole pixels, so that edges stay sharp
    edge = (_SIDE - module * len(matrix)) // 2
    fonts = Path(code["fonts"])
    title, small = Fonts(fonts, "petrona", _TITLE_SIZE, 640), Fonts(fonts, "figtree", 36, 500)
    lines = wrap_text(code["title"], title, _MAX_LINES, _CODE_WIDTH)
    top = edge + module * (len(matrix) + _QUIET)
    picture = Image.new("RGB", (_SIDE, top + len(lines) * _LINE + 110), _PAPER)
    draw = ImageDraw.Draw(picture)
    for row, column in _dark(matrix):
        x, y = edge + column * module, edge + row * module
        draw.rectangle((x, y, x + module - 1, y + module - 1), fill=_INK)
    for number, line in enumerate(lines):
        left = (_SIDE - text_length(line, title)) / 2
        write_text(draw, (left, top + number * _LINE), line, title, _INK)
    left = (_SIDE - text_length(code["when"], small)) / 2
    write_text(draw, (left, top + len(lines) * _LINE + 18), code["when"], small, _INK)
    written = io.BytesIO()
    picture.quantize(32, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def _matrix(url: str) -> list[bytearray]:
    return list(segno.make(url, error="m", micro=False).matrix)


def _dark(matrix: list[bytearray]) -> list[tuple[int, int]]:
    return [(row, column) for row, cells in enumerate(matrix) for column, dark in enumerate(cells) if dark]
