"""Logo and colour of a circle, and who of the team is named on its page."""

import io
from pathlib import Path

import pytest
from PIL import Image

from events.circles.models import Circle, Membership
from events.circles.queries.circles import find_membership
from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.media.pictures import make_logo
from tests.accounts.test_views_photo import MALFORMED, drawn
from tests.circles.test_views_circle import SETTINGS
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.types import OpenPage, Outbox


def logo_of(cast: Cast) -> str | None:
    with unit_of_work() as db:
        return db.get_one(Circle, cast.circle.id).logo


def send(client: PageClient, cast: Cast, data: bytes, **fields: str) -> int:
    answer = client.post(
        f"/circles/{cast.circle.slug}/logo", logo=(io.BytesIO(data), "../x.svg", "image/png"), **fields
    )
    return answer.status_code


def drawn_as_logo(tmp_path: Path, picture: Image.Image) -> Image.Image:
    source, target = tmp_path / "upload", tmp_path / "logo.png"
    picture.save(source, "PNG")
    assert make_logo({"source": str(source), "target": str(target), "side": 480}) is None
    with Image.open(target) as made:
        return made.convert("RGB").copy()


def test_a_logo_is_on_the_page_in_the_menu_and_can_be_taken_away(
    page: OpenPage, cast: Cast, settings: Settings
) -> None:
    owner, visitor = page(cast.anna), page(None)
    assert send(owner, cast, drawn("PNG")) == 303
    first = logo_of(cast)
    address = f"/logos/{first}"
    answer = visitor.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    answer.close()
    assert address in visitor.get(f"/circles/{cast.circle.slug}").text
    assert address in page(cast.bram).get("/").text, "the menu shows it"
    assert send(owner, cast, drawn("JPEG")) == 303
    assert not (settings.media_dir / "logos" / str(first)).exists()
    assert send(owner, cast, b"", remove="1") == 303
    assert logo_of(cast) is None
    assert list((settings.media_dir / "logos").glob("*")) == []


def test_only_the_owner_changes_the_logo_or_sees_a_preview(page: OpenPage, cast: Cast) -> None:
    for reader in (cast.bram, cast.olga):
        assert send(page(reader), cast, drawn("PNG")) == 404
        assert page(reader).get(f"/circles/{cast.circle.slug}/colour.svg").status_code == 404
    assert logo_of(cast) is None
    preview = page(cast.anna).get(f"/circles/{cast.circle.slug}/colour.svg?colour=%23ffe000")
    assert preview.mimetype == "image/svg+xml"
    assert '<rect x="20" y="28" width="64" height="64" rx="10" fill="#ffe000"/>' in preview.text
    bad = page(cast.anna).get(f"/circles/{cast.circle.slug}/colour.svg?colour=%22onload=alert(1)")
    assert bad.status_code == 404


@pytest.mark.parametrize("name", ["nothing", "html", "svg", "half a png", "a flood of pixels"])
def test_a_malformed_logo_is_refused(page: OpenPage, cast: Cast, settings: Settings, name: str) -> None:
    kept = sorted((settings.media_dir / "logos").glob("*"))
    assert send(page(cast.anna), cast, MALFORMED[name]) == 422
    assert sorted((settings.media_dir / "logos").glob("*")) == kept
    assert logo_of(cast) is None


@pytest.mark.parametrize("path", ["/logos/../photos/x.png", "/logos/x.png", "/logos/" + "a" * 26 + ".webp"])
def test_only_names_of_logos_are_read(page: OpenPage, cast: Cast, path: str) -> None:
    assert page(cast.anna).get(path).status_code == 404


def test_a_logo_gets_a_ground_on_which_it_shows(tmp_path: Path) -> None:
    light = Image.new("RGBA", (200, 50), (0, 0, 0, 0))
    light.paste((255, 255, 255, 255), (20, 10, 180, 40))
    assert drawn_as_logo(tmp_path, light).getpixel((0, 0)) == (0x2B, 0x1C, 0x12)
    dark = Image.new("RGBA", (200, 50), (0, 0, 0, 0))
    dark.paste((20, 40, 90, 255), (20, 10, 180, 40))
    assert drawn_as_logo(tmp_path, dark).getpixel((0, 0)) == (0xFF, 0xFD, 0xF8)


def test_a_logo_is_bounded_in_size_and_shape(tmp_path: Path) -> None:
    made = drawn_as_logo(tmp_path, Image.effect_noise((3000, 2000), 90).convert("RGB"))
    assert max(made.size) <= 480
    assert (tmp_path / "logo.png").stat().st_size < 220_000
    wide = drawn_as_logo(tmp_path, Image.new("RGB", (2000, 20), "navy"))
    assert wide.width <= 4 * wide.height + 4


def test_a_colour_of_their_own_is_on_the_tile_with_a_letter_that_can_be_read(
    page: OpenPage, cast: Cast
) -> None:
    owner, path = page(cast.anna), f"/circles/{cast.circle.slug}"
    changed = SETTINGS | {"joining": "by_invitation", "colour": "own", "own_colour": "#FFE000"}
    assert owner.post(f"{path}/settings", **changed).status_code == 303
    shown = page(None).get(path).text
    assert 'fill="#ffe000"' in shown
    assert 'fill="#2b1c12"' in shown, "a dark letter on yellow"
    assert 'value="#ffe000"' in owner.get(f"{path}/settings").text
    for wrong in ("#ffe00", "red", "#ffe000;x"):
        assert owner.post(f"{path}/settings", **changed | {"own_colour": wrong}).status_code == 422


def test_who_is_of_the_team_is_named_to_visitors_only_when_they_agreed(page: OpenPage, cast: Cast) -> None:
    path = f"/circles/{cast.circle.slug}"
    assert "Anna" not in page(None).main(path)
    assert "Anna" in page(cast.bram).main(path), "members have her in their list"
    assert page(cast.bram).post(f"{path}/named", named="1").status_code == 404
    assert page(cast.anna).post(f"{path}/named", named="1").status_code == 303
    for reader in (None, cast.olga):
        assert "Anna" in page(reader).main(path)
    assert page(cast.anna).post(f"{path}/named").status_code == 303
    assert "Anna" not in page(None).main(path)


def test_who_leaves_the_team_is_no_longer_named(page: OpenPage, cast: Cast) -> None:
    path = f"/circles/{cast.circle.slug}"
    with unit_of_work() as db:
        chris = db.merge(find_membership(db, cast.chris.id, cast.circle.id) or Membership())
        chris.role, chris.named = "organiser", True
    assert "Chris" in page(None).main(path)
    page(cast.anna).post(f"{path}/members/{cast.chris.id}/role", role="member")
    page(cast.anna).post(f"{path}/members/{cast.chris.id}/role", role="organiser")
    assert "Chris" not in page(None).main(path), "they agreed for the time before"


def test_a_mail_shows_the_logo_and_names_the_circle_without_it(
    page: OpenPage, cast: Cast, outbox: Outbox
) -> None:
    assert send(page(cast.anna), cast, drawn("PNG")) == 303
    page(cast.anna).post(f"/circles/{cast.circle.slug}/invite", addresses="eva@example.com")
    html = outbox()[0].get_body(("html",))
    assert html is not None
    content = html.get_content()
    assert f'/logos/{logo_of(cast)}" alt="Bedrijvenkring Demo"' in content
    assert content.count("<img") == 1


def test_the_preview_of_an_invitation_shows_the_logo_too(page: OpenPage, cast: Cast) -> None:
    assert send(page(cast.anna), cast, drawn("PNG")) == 303
    preview = page(cast.anna).get(f"/circles/{cast.circle.slug}/invitation-mail/nl")
    assert f"/logos/{logo_of(cast)}" in preview.text
    assert "img-src 'self'" in preview.headers["Content-Security-Policy"]
