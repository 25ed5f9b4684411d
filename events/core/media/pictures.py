"""Picture decoder for a child process: turns untrusted bytes into a square WebP, a logo or a refusal."""

from pathlib import Path
from typing import TypedDict

from PIL import Image, ImageOps, ImageStat

MAX_DECODED_PIXELS = 12_500_000  # 12 megapixels as cameras count them
MAX_LOGO_BYTES = 100_000
MAX_LOGO_RATIO = 4  # width to height, and the reverse
LOGO_COLOURS = 128  # of a logo that would be larger
LIGHT_GROUND, DARK_GROUND = "#fffdf8", "#2b1c12"
LIGHT_LOGO = 190  # mean brightness, of MAX_LEVEL
MAX_LEVEL = 255
MAX_PIXELS = 25_000_000  # of a JPEG, which can be decoded at 1/2, 1/4 or 1/8 of its size


class Job(TypedDict):
    source: str
    target: str
    side: int  # pixels


def make_square(job: Job) -> str | None:
    """Write the picture at `source` to `target`; returns None, or the code of a refusal.

    The size is checked before a pixel is decoded. Any exception of a decoder means an unreadable
    picture: broken EXIF alone raises SyntaxError, struct.error, KeyError and more.
    """
    side = job["side"]
    try:
        upright = _decode(job, "RGB")
        if upright is None:
            return "too_large"
        ImageOps.fit(upright, (side, side)).save(Path(job["target"]), "WEBP", quality=82)
    except Exception:
        return "bad_picture"
    return None


def make_logo(job: Job) -> str | None:
    """Write the whole picture within `side` as a PNG on a ground of its own; returns like `make_square`.

    A PNG, because mail programs show no WebP. The ground makes it readable on any page: paper, or dark where
    what is opaque of the logo is light.
    """
    side = job["side"]
    try:
        upright = _decode(job, "RGBA")
        if upright is None:
            return "too_large"
        box = upright.getchannel("A").getbbox()
        if box is None:  # nothing but transparency
            return "bad_picture"
        upright = upright.crop(box)
        upright.thumbnail((side, side))
        opaque = upright.getchannel("A")
        brightness = ImageStat.Stat(upright.convert("L"), opaque).mean[0]
        bare = opaque.getextrema()[0] == MAX_LEVEL
        margin = 0 if bare else max(2, min(upright.size) // 8)
        width = max(upright.width, upright.height // MAX_LOGO_RATIO) + 2 * margin
        height = max(upright.height, upright.width // MAX_LOGO_RATIO) + 2 * margin
        ground = Image.new("RGB", (width, height), DARK_GROUND if brightness > LIGHT_LOGO else LIGHT_GROUND)
        ground.paste(upright, ((width - upright.width) // 2, (height - upright.height) // 2), upright)
        target = Path(job["target"])
        ground.save(target, "PNG", optimize=True)
        if target.stat().st_size > MAX_LOGO_BYTES:
            ground.quantize(LOGO_COLOURS).save(target, "PNG", optimize=True)
    except Exception:
        return "bad_picture"
    return None


def _decode(job: Job, mode: str) -> Image.Image | None:
    """The picture upright, in this mode; None when it has too many pixels."""
    side = job["side"]
    with Image.open(Path(job["source"]), formats=("JPEG", "PNG", "WEBP")) as picture:
        announced = picture.width * picture.height
        picture.draft("RGB", (2 * side, 2 * side))
        if announced > MAX_PIXELS or picture.width * picture.height > MAX_DECODED_PIXELS:
            return None
        return ImageOps.exif_transpose(picture).convert(mode)
