"""Addresses that programs ask for by themselves, and addresses where nothing is."""

import io

import pytest
from PIL import Image

from tests.support.cast import Cast
from tests.support.types import OpenPage

ENGLISH = {"Accept-Language": "en"}


@pytest.mark.parametrize(
    ("path", "kind", "mimetype", "side"),
    [("/favicon.ico", "ICO", "image/x-icon", 48), ("/apple-touch-icon.png", "PNG", "image/png", 180)],
)
def test_icons_are_what_they_say(page: OpenPage, path: str, kind: str, mimetype: str, side: int) -> None:
    answer = page(None).get(path)
    assert (answer.status_code, answer.mimetype) == (200, mimetype)
    assert "public" in answer.headers["Cache-Control"]
    with Image.open(io.BytesIO(answer.get_data())) as icon:
        assert (icon.format, icon.size) == (kind, (side, side))
        blue = icon.convert("RGB").getpixel((side // 2, side // 8))
    answer.close()
    assert blue == (0x1F, 0x4B, 0x99), "not our mark"


def test_robots_may_read_what_is_public_and_nothing_that_is_a_secret(page: OpenPage) -> None:
    answer = page(None).get("/robots.txt")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    refused = [line.removeprefix("Disallow: ") for line in answer.text.splitlines() if "Disallow" in line]
    for public in ("/", "/livestreams/demo-open", "/circles/kring", "/with/chris", "/help", "/privacy"):
        assert not any(public.startswith(path) for path in refused), public
    for secret in ("/k/abc", "/feeds/abc.ics", "/unsubscribe/abc", "/coffees/abc", "/me/photo"):
        assert any(secret.startswith(path) for path in refused), secret


@pytest.mark.parametrize(
    "path", ["/nowhere", "/wp-login.php", "/livestreams/a/b/c/d", "/static/absent.css", "/.env"]
)
def test_an_address_where_no_page_is_says_so_to_everybody(cast: Cast, page: OpenPage, path: str) -> None:
    for reader in (None, cast.bram, cast.olga):
        answer = page(reader).get(path, headers=ENGLISH)
        assert answer.status_code == 404
        assert "<h1>There is no page at this address.</h1>" in answer.text
    dutch = page(None).get(path, headers={"Accept-Language": "nl"})
    assert "<h1>Op dit adres is geen pagina.</h1>" in dutch.text
    machine = page(None).get(path, headers={"Accept": "application/json"})
    assert (machine.status_code, (machine.json or {})["error"]["code"]) == (404, "no_page")
    assert page(None).client.post(path).status_code in {404, 405}


def test_an_absent_address_is_a_404_and_visitors_are_asked_to_sign_in(cast: Cast, page: OpenPage) -> None:
    for path in ("/livestreams/absent", "/circles/absent", "/coffees/absent", "/with/absent"):
        assert page(None).get(path).status_code == 303
        assert page(cast.olga).get(path).status_code == 404


@pytest.mark.parametrize("path", ["/sign-out", "/help", "/me"])
def test_an_unsupported_method_is_answered_with_the_allowed_ones(page: OpenPage, path: str) -> None:
    answer = page(None).client.delete(path)
    assert answer.status_code == 405
    allowed = set(answer.headers["Allow"].split(", "))
    assert allowed - {"HEAD", "OPTIONS"}
    assert "DELETE" not in allowed


@pytest.mark.parametrize("secret", ["x", "a" * 58, "a" * 2000, "%F0%9F%8D%B5", "..", "a b", "<script>"])
def test_a_garbled_link_to_fewer_mails_says_what_to_do(cast: Cast, page: OpenPage, secret: str) -> None:
    for reader in (None, cast.bram):
        answer = page(reader).get(f"/unsubscribe/{secret}", headers=ENGLISH)
        assert answer.status_code == 404
        assert "doesn't switch anything off" in answer.text
        assert 'mails"' in answer.text
    assert (
        page(None).client.post(f"/unsubscribe/{secret}", data={"List-Unsubscribe": "One-Click"}).status_code
        == 404
    )
