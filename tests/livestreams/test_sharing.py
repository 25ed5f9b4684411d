"""Sharing a livestream: preview picture, QR code, and the page with text and link."""

import io
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from PIL import Image, ImageChops, ImageDraw

from events.core.db.session import unit_of_work
from events.livestreams.jobs import sweep_pictures
from events.livestreams.models import Livestream
from events.livestreams.queries.share_images import preview_facts
from events.livestreams.rules.picture_text import Fonts, text_length, wrap_text, write_text
from events.livestreams.rules.qr_code import Code, render_qr_code
from events.livestreams.rules.share_picture import render
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.types import OpenPage

FONTS = "static/vendor/fonts"


def plan(cast: Cast, *, shown: bool = True, state: str = "announced") -> Livestream:
    with unit_of_work() as db:
        circle = db.merge(cast.circle)
        circle.links_shown = shown
        return make_livestream(db, circle, cast.anna, title="Over tarieven", state=state)


def picture_of(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    assert picture.format == "PNG"
    return picture.convert("RGB")


def test_the_preview_is_a_picture_with_the_title_drawn_and_sent_once(cast: Cast, page: OpenPage) -> None:
    made, visitor = plan(cast), page(None)
    path = f"/livestreams/{made.slug}/preview.png"
    answer = visitor.get(path)
    picture = picture_of(answer.data)
    assert picture.size == (1200, 630)
    with unit_of_work(read_only=True) as db:
        facts = preview_facts(db.get_one(Livestream, made.id)) | {
            "fonts": FONTS,
            "target": "",
        }
    without = picture_of(render({**facts, "title": ""}))  # type: ignore[typeddict-item]
    left = (75, 128, 700, 490)
    drawn = ImageChops.difference(picture.crop(left), without.crop(left)).getbbox()
    assert drawn is not None
    assert drawn[2] - drawn[0] > 300
    assert (
        picture.crop((720, 0, 1200, 630)).getcolors(1 << 16) is None
        or len(picture.crop((720, 0, 1200, 630)).getcolors(1 << 16) or []) > 5
    )
    again = visitor.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_preview_changes_with_what_it_shows(cast: Cast, page: OpenPage) -> None:
    made, visitor = plan(cast), page(None)
    path = f"/livestreams/{made.slug}/preview.png"
    before = visitor.get(path)
    with unit_of_work() as db:
        db.get_one(Livestream, made.id).title = "Over offertes"
    after = visitor.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.data != before.data


@pytest.mark.parametrize("hidden", ["draft", "links not shown"])
def test_pictures_of_what_is_hidden_are_absent(cast: Cast, page: OpenPage, hidden: str) -> None:
    made = plan(cast, shown=hidden != "links not shown", state="draft" if hidden == "draft" else "announced")
    for name in ("preview.png", "qr.png", "qr.svg", "share"):
        path = f"/livestreams/{made.slug}/{name}"
        assert page(None).get(path).location == f"/sign-in?next={path}"
        assert page(cast.olga).get(path).status_code == 404


def test_a_shared_page_names_its_preview_by_an_absolute_address(cast: Cast, page: OpenPage) -> None:
    text = page(None).get(f"/livestreams/{plan(cast).slug}").get_data(as_text=True)
    assert '<meta property="og:image" content="http://localhost' in text
    assert "preview.png?v=" in text
    assert '<meta name="twitter:card" content="summary_large_image">' in text


def test_the_share_page_has_the_text_in_a_field_without_scripts(cast: Cast, page: OpenPage) -> None:
    made = plan(cast)
    text = page(cast.bram).main(f"/livestreams/{made.slug}/share")
    assert f"/livestreams/{made.slug}</textarea>" in text
    assert "https://wa.me/?text=" in text
    assert "https://www.linkedin.com/sharing/share-offsite/?url=http" in text
    assert page(None).get(f"/livestreams/{made.slug}/share").status_code == 303


def test_the_header_of_the_share_page_names_the_circle_to_its_members(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        made = make_livestream(db, cast.circle, cast.anna, audience="public")
    path, circle = f"/livestreams/{made.slug}/share", f'href="/circles/{cast.circle.slug}"'
    assert circle in page(cast.bram).get(path).text
    assert circle not in page(cast.olga).get(path).text


def test_the_code_for_a_slide_comes_as_svg_and_png_with_its_title(cast: Cast, page: OpenPage) -> None:
    made, bram = plan(cast), page(cast.bram)
    drawn = bram.get(f"/livestreams/{made.slug}/qr.svg").get_data(as_text=True)
    assert ">Over tarieven</text>" in drawn
    picture = picture_of(bram.get(f"/livestreams/{made.slug}/qr.png").data)
    (read,) = zxingcpp.read_barcodes(picture)
    assert read.text == f"http://localhost/livestreams/{made.slug}"
    assert picture.width == 1000
    assert picture.height > 1000
    assert picture.getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("path", ["livestreams/a", f"livestreams/{'lange-titel-' * 15}"])
def test_the_code_is_read_back_as_the_link_also_when_small_or_turned(path: str) -> None:
    url = f"https://ontmoet.example/{path}"
    picture = picture_of(render_qr_code(Code(url=url, title="Titel", when="", fonts=FONTS, target="")))
    for shown in (picture, picture.resize((picture.width // 3, picture.height // 3)), picture.rotate(90)):
        (read,) = zxingcpp.read_barcodes(shown)
        assert (read.text, str(read.format)) == (url, "QR Code")


def ink(text: str, font: str = "petrona") -> int:
    """How many dark pixels a text has."""
    canvas = Image.new("L", (900, 90), 255)
    write_text(ImageDraw.Draw(canvas), (0, 0), text, Fonts(Path(FONTS), font, 50, 640), "#000000")
    return sum(canvas.histogram()[:128])


@pytest.mark.parametrize("font", ["petrona", "figtree"])
@pytest.mark.parametrize(
    "title", ["Ελληνική επιχείρηση", "Ἀρχὴ ἥμισυ", "Кофе и встречи", "Ђорђе", "Gặp gỡ buổi tối", "Őszi Łódź"]
)
def test_letters_outside_latin_are_drawn(title: str, font: str) -> None:
    assert ink(title, font) > 20 * len(title)
    for letter in set(title) - {" "}:
        assert ink(letter, font) != ink("\uffff", font)
        assert ink(letter, font) > 20


def test_a_title_in_two_alphabets_keeps_its_width_and_what_no_font_has_is_left_out() -> None:
    fonts = Fonts(Path(FONTS), "petrona", 50, 640)
    whole = text_length("Taal Γλώσσα", fonts)
    assert whole == pytest.approx(text_length("Taal ", fonts) + text_length("Γλώσσα", fonts))
    assert wrap_text("Koffie ☕ 咖啡", fonts, 2, 500) == ["Koffie"]


def test_a_greek_title_stands_in_the_preview(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        circle = db.merge(cast.circle)
        circle.links_shown = True
        made = make_livestream(db, circle, cast.anna, title="Καλημέρα")
    picture = picture_of(page(None).get(f"/livestreams/{made.slug}/preview.png").data)
    title = picture.crop((70, 128, 700, 260)).convert("L")
    assert sum(title.histogram()[:100]) > 2000


def test_pictures_of_livestreams_that_are_gone_are_swept(app: Flask, cast: Cast, page: OpenPage) -> None:
    kept, gone = plan(cast), plan(cast)
    for made in (kept, gone):
        page(None).get(f"/livestreams/{made.slug}/preview.png")
        page(None).get(f"/livestreams/{made.slug}/qr.png")
    drawn = app.config["SETTINGS"].media_dir / "previews"
    (drawn / f"qr-{gone.id}-0.begun").touch()
    with unit_of_work() as db:
        db.delete(db.get_one(Livestream, gone.id))
    sweep_pictures()
    left = {
        file.name.split("-")[1] for file in drawn.iterdir() if gone.id in file.name or kept.id in file.name
    }
    assert left == {kept.id}
    assert len(list(drawn.glob(f"*-{kept.id}-*"))) == 2
