"""Media files: uploaded pictures re-encoded in a child process, and generated films (ffmpeg)."""

import subprocess
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import BoundedSemaphore

import imageio_ffmpeg

from events.core.db.session import assert_no_transaction
from events.core.errors import Invalid
from events.core.ids import new_id
from events.core.jobs.subprocess_pool import OffloadFailed, ResourceLimits, offload

MAX_UPLOAD_BYTES = 8 * 1024 * 1024
PHOTO_SIDE = 384  # pixels
DECODER_LIMITS = ResourceLimits(cpu=10, wall=30, memory=768)
MAX_DECODERS = 2  # child processes at once; further uploads wait
_decoders = BoundedSemaphore(MAX_DECODERS)
_COLOURS = "gradients=c0=0x2b1c12:c1=0xc9a27a:c2=0x1f4b99:c3=0x5a4636:nb_colors=4:speed=0.03:seed=7"


def save_photo(directory: Path, data: bytes) -> str:
    """Re-encode an uploaded picture as a square WebP; returns its file name in `directory`. Raises
    Invalid.
    """
    assert_no_transaction("reading a picture")
    if len(data) > MAX_UPLOAD_BYTES:
        raise Invalid("too_large", fields=[("photo", "too_large")])
    name = f"{new_id()}.webp"
    directory.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=directory, suffix=".upload") as upload:
        upload.write(data)
        upload.flush()
        job = {"source": upload.name, "target": str(directory / name), "side": PHOTO_SIDE}
        problem = _decode(job)
    if problem is not None:
        (directory / name).unlink(missing_ok=True)
        raise Invalid(problem, fields=[("photo", problem)])
    return name


def _decode(job: dict[str, object]) -> str | None:
    """Decode in a child process. A child that was stopped counts as an unreadable picture."""
    try:
        with _decoders:
            problem = offload("events.core.media.pictures:make_square", job, DECODER_LIMITS)
    except OffloadFailed:
        return "bad_picture"
    return None if problem is None else str(problem)


def run_ffmpeg(*arguments: str, seconds: int = 120) -> None:
    """Run the bundled ffmpeg on local files."""
    assert_no_transaction("a child process")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-loglevel", "error", "-y", *arguments]
    subprocess.run(command, check=True, timeout=seconds, capture_output=True)  # noqa: S603 - our own binary


def make_test_film(directory: Path, seconds: int = 60) -> Path:
    """Generate a short HLS film unless it exists; returns its playlist."""
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
