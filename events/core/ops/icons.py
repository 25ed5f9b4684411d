"""Rasteriser of our SVG favicon to PNG and ICO."""

import io
from collections.abc import Mapping
from xml.etree.ElementTree import Element, fromstring

from PIL import Image, ImageDraw

TOUCH_SIDE = 180  # pixels; iOS rounds the corners itself
ICO_SIDES = (16, 32, 48)
_OVERSAMPLING = 8  # drawn larger and scaled down, for smooth edges
_SVG = "{http://www.w3.org/2000/svg}"


def touch_icon(svg: bytes) -> bytes:
    return _encoded(draw(svg, TOUCH_SIDE, rounded=False), "PNG", optimize=True)


def ico(svg: bytes) -> bytes:
    sides = [(side, side) for side in ICO_SIDES]
    return _encoded(draw(svg, max(ICO_SIDES)), "ICO", sizes=sides)


def draw(svg: bytes, side: int, *, rounded: bool = True) -> Image.Image:
    """Draw the icon. Supports `rect` and `circle`, filled or stroked. Raises ValueError for other
    shapes.
    """
    root = fromstring(svg)  # noqa: S314 - a file of our own
    scale = side * _OVERSAMPLING / float(root.attrib["viewBox"].split()[2])
    canvas = Image.new("RGBA", (side * _OVERSAMPLING,) * 2)
    pen = ImageDraw.Draw(canvas)
    for shape in root:
        if shape.tag == f"{_SVG}rect":
            _rectangle(pen, shape.attrib, scale, rounded=rounded or "x" in shape.attrib)
        else:
            _circle(pen, shape, scale)
    return canvas.resize((side, side), Image.Resampling.LANCZOS)


def _rectangle(pen: ImageDraw.ImageDraw, shape: Mapping[str, str], scale: float, *, rounded: bool) -> None:
    left, top = float(shape.get("x", 0)) * scale, float(shape.get("y", 0)) * scale
    right, bottom = left + float(shape["width"]) * scale, top + float(shape["height"]) * scale
    radius = float(shape.get("rx", 0)) * scale if rounded else 0
    pen.rounded_rectangle((left, top, right - 1, bottom - 1), radius, fill=shape["fill"])


def _circle(pen: ImageDraw.ImageDraw, shape: Element, scale: float) -> None:
    """SVG centres a stroke on the radius; Pillow draws it inside."""
    if shape.tag != f"{_SVG}circle":
        raise ValueError(f"the icon has a shape that is not known: {shape.tag}")
    stroke = float(shape.get("stroke-width", 0))
    x, y, radius = (float(shape.attrib[name]) for name in ("cx", "cy", "r"))
    outer = radius + stroke / 2
    box = tuple(at * scale for at in (x - outer, y - outer, x + outer, y + outer))
    if stroke:
        pen.ellipse(box, outline=shape.attrib["stroke"], width=round(stroke * scale))
    else:
        pen.ellipse(box, fill=shape.attrib["fill"])


def _encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
