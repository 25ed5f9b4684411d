"""Files of our own making: where they live, pictures made safe, ffmpeg for generated film."""

import io
import subprocess
from pathlib import Path

import imageio_ffmpeg
from PIL import Image, ImageOps, UnidentifiedImageError

from events.core.db import forbid_open_unit
from events.core.errors import Invalid
from events.core.ids import new_id

LARGEST_UPLOAD = 8 * 1024 * 1024  # bytes
MOST_PIXELS = 25_000_000
PHOTO_SIDE = 384  # pixels
_COLOURS = "gradients=c0=0x2b1c12:c1=0xc9a27a:c2=0x1f4b99:c3=0x5a4636:nb_colors=4:speed=0.03:seed=7"


def save_photo(directory: Path, data: bytes) -> str:
    """Re-encode an uploaded picture as a square WebP; its name below `directory`. Raises Invalid."""
    forbid_open_unit("reading a picture")
    if len(data) > LARGEST_UPLOAD:
        raise Invalid("too_large", fields=[("photo", "too_large")])
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid("too_large", fields=[("photo", "too_large")])
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise Invalid("bad_picture", fields=[("photo", "bad_picture")]) from None
    name = f"{new_id()}.webp"
    directory.mkdir(parents=True, exist_ok=True)
    ImageOps.fit(upright, (PHOTO_SIDE, PHOTO_SIDE)).save(directory / name, "WEBP", quality=82)
    return name


def run_ffmpeg(*arguments: str, seconds: int = 120) -> None:
    """Run the ffmpeg that came with our packages on local files only."""
    forbid_open_unit("a child process")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-loglevel", "error", "-y", *arguments]
    subprocess.run(command, check=True, timeout=seconds, capture_output=True)  # noqa: S603 - our own binary


def make_test_film(directory: Path, seconds: int = 60) -> Path:
    """A short film of slowly moving coffee colours with a soft tone, as HLS; its playlist. Made once."""
    playlist = directory / "film.m3u8"
    if playlist.exists():
        return playlist
    directory.mkdir(parents=True, exist_ok=True)
    run_ffmpeg(
        "-f", "lavfi", "-i", f"{_COLOURS}:size=640x360:rate=15:duration={seconds}",
        "-f", "lavfi", "-i", f"sine=frequency=220:duration={seconds}",
        "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", "30", "-b:v", "180k",
        "-c:a", "aac", "-b:a", "48k", "-af", "volume=0.1",
        "-f", "hls", "-hls_time", "4", "-hls_list_size", "0", "-hls_playlist_type", "vod",
        "-hls_segment_filename", str(directory / "film%03d.ts"), str(playlist),
    )  # fmt: skip
    return playlist
