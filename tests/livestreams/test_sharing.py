"""Sharing a livestream: preview picture, QR code, and the page with text and link."""

import io

import pytest
from PIL import Image, ImageChops

from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from events.livestreams.queries.share_images import preview_facts
from events.livestreams.rules.share_picture import render
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.types import OpenPage


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
            "fonts": "static/vendor/fonts",
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
    assert picture.width == 1000
    assert picture.height > 1000
    assert picture.getpixel((0, 0)) == (255, 255, 255)
