"""Media files: uploaded pictures re-encoded in a child process, and generated films (ffmpeg)."""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import BoundedSemaphore

import imageio_ffmpeg

from events.core.db.session import assert_no_transaction
from events.core.errors import Invalid
from events.core.ids import new_id
from events.core.jobs.subprocess_pool import OffloadFailed, ResourceLimits, offload
from events.core.media.demo_film import HEIGHT, RATE, WIDTH, frames

MAX_UPLOAD_BYTES = 8 * 1024 * 1024
PHOTO_SIDE, LOGO_SIDE = 384, 480  # pixels
DECODER_LIMITS = ResourceLimits(cpu=10, wall=30, memory=768)
MAX_DECODERS = 2  # child processes at once; further uploads wait
_decoders = BoundedSemaphore(MAX_DECODERS)


def save_photo(directory: Path, data: bytes) -> str:
    """Re-encode an uploaded picture as a square WebP; returns its file name in `directory`. Raises
    Invalid.
    """
    return _save(directory, data, "make_square", PHOTO_SIDE, "webp", "photo")


def save_logo(directory: Path, data: bytes) -> str:
    """Re-encode an uploaded logo as a PNG; returns its file name in `directory`. Raises Invalid."""
    return _save(directory, data, "make_logo", LOGO_SIDE, "png", "logo")


def _save(directory: Path, data: bytes, make: str, side: int, suffix: str, field: str) -> str:
    assert_no_transaction("reading a picture")
    if len(data) > MAX_UPLOAD_BYTES:
        raise Invalid("too_large", fields=[(field, "too_large")])
    name = f"{new_id()}.{suffix}"
    directory.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=directory, suffix=".upload") as upload:
        upload.write(data)
        upload.flush()
        problem = _decode(make, {"source": upload.name, "target": str(directory / name), "side": side})
    if problem is not None:
        (directory / name).unlink(missing_ok=True)
        raise Invalid(problem, fields=[(field, problem)])
    return name


def _decode(make: str, job: dict[str, object]) -> str | None:
    """Decode in a child process. A child that was stopped counts as an unreadable picture."""
    try:
        with _decoders:
            problem = offload(f"events.core.media.pictures:{make}", job, DECODER_LIMITS)
    except OffloadFailed:
        return "bad_picture"
    return None if problem is None else str(problem)


def run_ffmpeg(*arguments: str, seconds: int = 120, given: Iterable[bytes] = ()) -> None:
    """Run the bundled ffmpeg on local files, and on what is `given` as its standard input."""
    assert_no_transaction("a child process")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-y", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as ffmpeg:  # noqa: S603 - our own binary
        try:
            if ffmpeg.stdin is not None:
                for part in given:
                    ffmpeg.stdin.write(part)
                ffmpeg.stdin.close()
            status = ffmpeg.wait(seconds)
        except BaseException:
            ffmpeg.kill()
            raise
    if status != 0:
        raise subprocess.CalledProcessError(status, command)


def make_test_film(directory: Path, seconds: int = 60) -> Path:
    """Generate the demo film as HLS unless it exists; returns its playlist."""
    playlist = directory / "film.m3u8"
    if playlist.exists() and (directory / "talk000.ts").exists():
        return playlist
    directory.mkdir(parents=True, exist_ok=True)
    for former in directory.glob("film*.ts"):  # of a version before
        former.unlink()
    run_ffmpeg(
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE), "-i", "-",
        "-f", "lavfi", "-i", f"sine=frequency=220:duration={seconds}",
        "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", str(2 * RATE), "-crf", "26",
        "-c:a", "aac", "-b:a", "48k", "-af", "volume=0.1",
        "-f", "hls", "-hls_time", "4", "-hls_list_size", "0", "-hls_playlist_type", "vod",
        "-hls_segment_filename", str(directory / "talk%03d.ts"), str(playlist),
        given=frames(seconds),
    )  # fmt: skip
    return playlist
