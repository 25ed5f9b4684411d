"""Photo uploads: malformed and oversized files are refused, others are re-encoded without metadata."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from events.accounts.models import User
from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.media.pictures import make_square
from tests.support.cast import Cast
from tests.support.types import OpenPage


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(more) + chunk(b"IEND", b"")


def drawn(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, kind, **options)
    return out.getvalue()


PNG = drawn("PNG")
MALFORMED: dict[str, bytes] = {
    "nothing": b"", "a byte": b"x", "text": b"hello" * 100, "html": b"<script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "pdf": b"%PDF-1.7\n" + b"0" * 99,
    "zip": b"PK\x03\x04" + b"\0" * 99, "elf": b"\x7fELF" + b"\0" * 99, "gif": drawn("GIF"),
    "bmp": drawn("BMP"),
    "tiff": drawn("TIFF"), "ico": drawn("ICO"), "eps": b"%!PS-Adobe-3.0 EPSF\n%%BoundingBox: 0 0 1 1\n",
    "gif and script": b"GIF89a/*" + b"\0" * 9 + b"*/=1;alert(1)", "half a png": PNG[: len(PNG) // 2],
    "only a header": PNG[:33], "nothing drawn": png(10, 10),
    "a flood of pixels": png(50_000, 50_000, chunk(b"IDAT", zlib.compress(b"\0" * 1000))),
    "no width": png(0, 10, chunk(b"IDAT", zlib.compress(b""))), "too wide": png(2**31 - 1, 1),
    "a bomb of text": png(9, 9, chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 90_000_000))),
    "a bad sum": PNG[:40] + bytes([PNG[40] ^ 255]) + PNG[41:], "short chunks": PNG[:8] + b"\xff" * 60,
    "half a jpeg": drawn("JPEG")[:200], "jpeg of nothing": b"\xff\xd8\xff\xe0" + b"\0" * 50 + b"\xff\xd9",
    "jpeg of lies": b"\xff\xd8\xff\xe1\xff\xffExif\0\0" + b"II*\0" + b"\xff" * 300,
    "half a webp": drawn("WEBP")[:30], "webp of lies": b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 60,
    "webp in name": b"RIFF" + b"\0\0\0\0" + b"WEBP",
}  # fmt: skip


@pytest.mark.parametrize("name", ["nothing", "html", "half a png", "a flood of pixels", "jpeg of lies"])
def test_a_malformed_upload_changes_no_photo(
    page: OpenPage, cast: Cast, settings: Settings, name: str
) -> None:
    kept = sorted((settings.media_dir / "photos").glob("*"))
    answer = page(cast.bram).post(
        "/me/photo", photo=(io.BytesIO(MALFORMED[name]), "../../x.php\x00.png", "image/png")
    )
    assert answer.status_code == 422
    assert sorted((settings.media_dir / "photos").glob("*")) == kept
    with unit_of_work() as db:
        assert db.get_one(User, cast.bram.id).photo is None


@pytest.mark.parametrize("name", sorted(MALFORMED))
def test_malformed_files_are_refused_by_the_decoder(tmp_path: Path, name: str) -> None:
    source, target = tmp_path / "upload", tmp_path / "picture.webp"
    source.write_bytes(MALFORMED[name])
    problem = make_square({"source": str(source), "target": str(target), "side": 40})
    assert problem in {"bad_picture", "too_large"}
    assert not target.exists()


@pytest.mark.parametrize(
    ("kind", "size", "problem"),
    [
        ("PNG", (5000, 2501), "too_large"), ("WEBP", (5000, 2501), "too_large"),
        ("JPEG", (5000, 4900), None), ("JPEG", (5001, 5000), "too_large"), ("PNG", (2000, 1000), None),
    ],
)  # fmt: skip
def test_pictures_with_too_many_pixels_are_refused(
    tmp_path: Path, kind: str, size: tuple[int, int], problem: str | None
) -> None:
    """A JPEG is decoded at a fraction of its size, so it may have more pixels."""
    source, target = tmp_path / "upload", tmp_path / "picture.webp"
    Image.new("RGB", size, "teal").save(source, kind, **({"method": 0} if kind == "WEBP" else {}))
    assert make_square({"source": str(source), "target": str(target), "side": 40}) == problem
    assert target.exists() == (problem is None)


def test_any_exception_of_a_decoder_is_an_unreadable_picture(
    page: OpenPage, cast: Cast, tmp_path: Path
) -> None:
    """Broken EXIF raises SyntaxError, which used to be answered with status 500."""
    broken = drawn("PNG", exif=b"Exif\0\0" + b"XX*\0\x08\0\0\0" + b"\xff" * 40)
    source = tmp_path / "upload"
    source.write_bytes(broken)
    with Image.open(source) as picture, pytest.raises(SyntaxError):
        ImageOps.exif_transpose(picture)
    answer = page(cast.bram).post("/me/photo", photo=(io.BytesIO(broken), "me.jpg", "image/jpeg"))
    assert answer.status_code == 422


def test_a_photo_is_re_encoded_without_metadata(page: OpenPage, cast: Cast, settings: Settings) -> None:
    exif = Image.Exif()
    exif[0x010E] = "<script>alert(1)</script> 52.09N 5.12E"
    hidden = drawn("JPEG", exif=exif) + b"<script>alert(1)</script>PK\x03\x04"
    bram = page(cast.bram)
    assert bram.post("/me/photo", photo=(io.BytesIO(hidden), "me.svg", "image/svg+xml")).status_code == 303
    with unit_of_work() as db:
        name = db.get_one(User, cast.bram.id).photo
    shown = bram.get(f"/photos/{name}")
    kept = shown.get_data()
    shown.close()
    assert shown.headers["Content-Type"] == "image/webp"
    assert b"script" not in kept
    assert b"52.09N" not in kept
