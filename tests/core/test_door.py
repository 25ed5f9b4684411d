"""What a browser is told and keeps: equal answers, a key no further than its page, pictures made ours."""

import io
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image, ImageOps

from events.accounts.models import User
from events.core.auth import crypto, endpoints
from events.core.auth.endpoints import Access
from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.media.pictures import make_square
from tests.architecture.test_rights import address, browser, new_world
from tests.factories.accounts import make_key
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.types import OpenPage, Outbox

OPEN_TO_ALL = sorted(
    door.name
    for door in endpoints.endpoints.values()
    if door.who is Access.ANYONE and "GET" in door.methods and not door.keys
)


def plain(answer_text: str, *own: str) -> str:
    """A page without what differs between any two answers, and without the reader's own words."""
    text = re.sub(r'(nonce|value|content)="[A-Za-z0-9_.\-]{16,}"', "", answer_text)
    for word in own:
        text = text.replace(word, "…")
    return text


@pytest.mark.parametrize("key", ["coffee key", "livestream key"])
@pytest.mark.parametrize("endpoint", OPEN_TO_ALL)
def test_a_key_shows_no_more_than_a_visitor_sees(app: Flask, endpoint: str, key: str) -> None:
    """The key of one coffee or livestream opens that one; its holder may well be a member."""
    world = new_world()
    path = address(endpoints.endpoints[f"page {endpoint}"].rule, endpoint, world)
    seen = browser(app, world, "visitor").get(path)
    by_key = browser(app, world, key).get(path)
    assert by_key.status_code == seen.status_code
    hidden = ("Avond kanarie", "Opname kanarie", *(person.email for person in world.people.values()))
    shown = {word for word in hidden if word in by_key.get_data(as_text=True)}
    assert shown == {word for word in hidden if word in seen.get_data(as_text=True)}


def test_a_key_of_one_coffee_opens_no_other(app: Flask) -> None:
    world = new_world()
    holder = browser(app, world, "coffee key")
    livestream = world.values["livestream"]
    for path in (f"/livestreams/{livestream}", f"/livestreams/{livestream}/chat", "/coffees", "/me"):
        assert holder.get(path).headers["Location"].startswith("/sign-in"), path


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/sign-in", {"password": "not-this-one"}, 422),
        ("/sign-in", {"how": "link"}, 303),
        ("/sign-up", {"name": "Eva"}, 303),
        ("/livestreams/{slug}/guest", {"name": "Eva"}, 303),
    ],
)
def test_the_answer_does_not_tell_whether_an_address_is_known(
    page: OpenPage, cast: Cast, path: str, fields: dict[str, Any], status: int
) -> None:
    with unit_of_work() as db:
        slug = make_livestream(db, cast.circle, cast.anna, audience="public").slug
    told = []
    for email in (cast.bram.email, "nobody@example.test"):
        visitor = page(None)
        answer = visitor.post(path.format(slug=slug), email=email, **fields)
        assert answer.status_code == status
        headers = {name: value for name, value in answer.headers if name in {"Location", "Content-Type"}}
        following = visitor.get(headers["Location"]) if status == 303 else answer
        told.append((headers, plain(following.get_data(as_text=True), email)))
    assert told[0] == told[1]


def test_only_the_owner_of_an_address_learns_by_mail(page: OpenPage, cast: Cast, outbox: Outbox) -> None:
    for email in (cast.bram.email, "nobody@example.test"):
        page(None).post("/sign-in", email=email, how="link")
    assert [mail["To"].addresses[0].addr_spec for mail in outbox()] == [cast.bram.email]


def test_a_cookie_from_before_the_sign_in_stays_a_visitors(page: OpenPage, cast: Cast) -> None:
    """Whoever planted it gains nothing, and what it carried is gone."""
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "sign_in")
    from_mail = f"/k/{crypto.derive(key.purpose, key.id, key.nonce)}"
    victim = page(None)
    victim.post("/theme", theme="dark")
    before = victim.client.get_cookie("ontmoet")
    assert before is not None
    with victim.client.session_transaction() as session:
        session["circle"], token = "planted", session["csrf_token"]
    assert victim.post(from_mail).status_code == 303
    assert victim.get("/me").status_code == 200
    with victim.client.session_transaction() as session:
        assert session.get("circle") != "planted"
        assert session.get("csrf_token") != token
    planted = page(None)
    planted.client.set_cookie("ontmoet", before.value)
    assert planted.get("/me").status_code == 303


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(more) + chunk(b"IEND", b"")


def drawn(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, kind, **options)
    return out.getvalue()


GOOD = drawn("PNG")
ODD: dict[str, bytes] = {
    "nothing": b"", "a byte": b"x", "text": b"hello" * 100, "html": b"<script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "pdf": b"%PDF-1.7\n" + b"0" * 99,
    "zip": b"PK\x03\x04" + b"\0" * 99, "elf": b"\x7fELF" + b"\0" * 99, "gif": drawn("GIF"),
    "bmp": drawn("BMP"),
    "tiff": drawn("TIFF"), "ico": drawn("ICO"), "eps": b"%!PS-Adobe-3.0 EPSF\n%%BoundingBox: 0 0 1 1\n",
    "gif and script": b"GIF89a/*" + b"\0" * 9 + b"*/=1;alert(1)", "half a png": GOOD[: len(GOOD) // 2],
    "only a header": GOOD[:33], "nothing drawn": png(10, 10),
    "a flood of pixels": png(50_000, 50_000, chunk(b"IDAT", zlib.compress(b"\0" * 1000))),
    "no width": png(0, 10, chunk(b"IDAT", zlib.compress(b""))), "too wide": png(2**31 - 1, 1),
    "a bomb of text": png(9, 9, chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 90_000_000))),
    "a bad sum": GOOD[:40] + bytes([GOOD[40] ^ 255]) + GOOD[41:], "short chunks": GOOD[:8] + b"\xff" * 60,
    "half a jpeg": drawn("JPEG")[:200], "jpeg of nothing": b"\xff\xd8\xff\xe0" + b"\0" * 50 + b"\xff\xd9",
    "jpeg of lies": b"\xff\xd8\xff\xe1\xff\xffExif\0\0" + b"II*\0" + b"\xff" * 300,
    "half a webp": drawn("WEBP")[:30], "webp of lies": b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 60,
    "webp in name": b"RIFF" + b"\0\0\0\0" + b"WEBP",
}  # fmt: skip


@pytest.mark.parametrize("name", ["nothing", "html", "half a png", "a flood of pixels", "jpeg of lies"])
def test_an_odd_file_is_no_photo(page: OpenPage, cast: Cast, settings: Settings, name: str) -> None:
    kept = sorted((settings.media_dir / "photos").glob("*"))
    answer = page(cast.bram).post(
        "/me/photo", photo=(io.BytesIO(ODD[name]), "../../x.php\x00.png", "image/png")
    )
    assert answer.status_code == 422
    assert sorted((settings.media_dir / "photos").glob("*")) == kept
    with unit_of_work() as db:
        assert db.get_one(User, cast.bram.id).photo is None


@pytest.mark.parametrize("name", sorted(ODD))
def test_no_odd_file_becomes_a_picture(tmp_path: Path, name: str) -> None:
    source, target = tmp_path / "upload", tmp_path / "picture.webp"
    source.write_bytes(ODD[name])
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
def test_no_more_pixels_are_decoded_than_a_camera_has(
    tmp_path: Path, kind: str, size: tuple[int, int], problem: str | None
) -> None:
    """A JPEG is read at a part of its size, so that one of a new phone is welcome too."""
    source, target = tmp_path / "upload", tmp_path / "picture.webp"
    Image.new("RGB", size, "teal").save(source, kind, **({"method": 0} if kind == "WEBP" else {}))
    assert make_square({"source": str(source), "target": str(target), "side": 40}) == problem
    assert target.exists() == (problem is None)


def test_whatever_a_decoder_raises_is_a_picture_that_cannot_be_read(
    page: OpenPage, cast: Cast, tmp_path: Path
) -> None:
    """Broken EXIF raises SyntaxError, of all things: it was answered as our fault."""
    broken = drawn("PNG", exif=b"Exif\0\0" + b"XX*\0\x08\0\0\0" + b"\xff" * 40)
    source = tmp_path / "upload"
    source.write_bytes(broken)
    with Image.open(source) as picture, pytest.raises(SyntaxError):
        ImageOps.exif_transpose(picture)
    answer = page(cast.bram).post("/me/photo", photo=(io.BytesIO(broken), "me.jpg", "image/jpeg"))
    assert answer.status_code == 422


def test_a_photo_is_drawn_anew_and_carries_nothing_along(
    page: OpenPage, cast: Cast, settings: Settings
) -> None:
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
