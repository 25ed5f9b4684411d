"""Picture decoding for a child process: untrusted bytes in, a square WebP or a refusal out."""

from pathlib import Path
from typing import TypedDict

from PIL import Image, ImageOps

MAX_DECODED_PIXELS = 12_500_000  # 12 megapixels as cameras count them
MAX_PIXELS = 25_000_000  # of a JPEG, which can be read at a half, a quarter or an eighth of its size


class Job(TypedDict):
    source: str
    target: str
    side: int  # pixels


def make_square(job: Job) -> str | None:
    """Write the picture at `source` to `target` and give None, or the code of a refusal.

    Sizes are looked at before a pixel is decoded. Whatever a decoder raises means that the picture cannot
    be read: broken EXIF alone raises SyntaxError, struct.error, KeyError and more.
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
