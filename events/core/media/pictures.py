"""Picture decoder for a child process: turns untrusted bytes into a square WebP or a refusal."""

from pathlib import Path
from typing import TypedDict

from PIL import Image, ImageOps

MAX_DECODED_PIXELS = 12_500_000  # 12 megapixels as cameras count them
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
        with Image.open(Path(job["source"]), formats=("JPEG", "PNG", "WEBP")) as picture:
            announced = picture.width * picture.height
            picture.draft("RGB", (2 * side, 2 * side))
            if announced > MAX_PIXELS or picture.width * picture.height > MAX_DECODED_PIXELS:
                return "too_large"
            upright = ImageOps.exif_transpose(picture).convert("RGB")
        ImageOps.fit(upright, (side, side)).save(Path(job["target"]), "WEBP", quality=82)
    except Exception:
        return "bad_picture"
    return None
