"""Account pages: profile, password, sessions, mails, photo, blocks and consent."""

import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from events.accounts.models import AuditEntry, Block, MailChoice, SignIn, User
from events.accounts.queries.people import wants_mail
from events.accounts.rules import MAIL_KINDS, MAX_EMBEDS, describe_browser, with_embed
from events.core.db.session import unit_of_work
from tests.factories.accounts import make_sign_in, set_password
from tests.support.cast import Cast
from tests.support.types import OpenPage

PROFILE: dict[str, Any] = {
    "name": "Anna",
    "headline": "",
    "company": "",
    "languages": "nl",
    "zone": "Europe/Amsterdam",
    "locale": "en",
}
VIMEO = "https://player.vimeo.com"
OWN_PAGES = ["/me", "/me/sign-ins", "/me/mails"]


def stored(user: User) -> User:
    with unit_of_work() as db:
        return db.get_one(User, user.id)


@pytest.mark.parametrize("path", OWN_PAGES)
def test_account_pages_require_a_sign_in(page: OpenPage, cast: Cast, path: str) -> None:
    assert page(cast.olga).get(path).status_code == 200
    assert page(None).get(path).headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("path", OWN_PAGES)
def test_account_pages_are_in_dutch(page: OpenPage, cast: Cast, path: str) -> None:
    with unit_of_work() as db:
        db.get_one(User, cast.anna.id).locale = "nl"
    text = page(cast.anna).get(path).text
    assert '<html lang="nl"' in text
    assert "Jouw pagina" in text


def test_a_profile_is_changed(page: OpenPage, cast: Cast) -> None:
    fields: dict[str, Any] = PROFILE | {
        "headline": "I make kitchens",
        "languages": ["nl", "de"],
        "zone": "Asia/Tokyo",
    }
    assert page(cast.anna).post("/me", **fields).status_code == 303
    anna = stored(cast.anna)
    assert (anna.headline, anna.languages, anna.zone) == ("I make kitchens", "nl de", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "<b>" + "x" * 80}, "name"),
        ({"languages": ""}, "languages"),
        ({"languages": "xx"}, "languages"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"zone": "../etc/passwd"}, "zone"),
        ({"locale": "tlh"}, "locale"),
        ({"email": "mallory@example.test"}, "email"),
        ({"headline": "\ud7ff" + "\u0301" * 40}, "headline"),
    ],
)
def test_an_invalid_profile_is_refused_with_its_input_kept(
    page: OpenPage, cast: Cast, change: dict[str, Any], field: str
) -> None:
    answer = page(cast.anna).post("/me", **(PROFILE | {"company": "Kitchens & Co"} | change))
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert "Kitchens &amp; Co" in answer.text
    assert stored(cast.anna).company == ""


def test_a_name_is_escaped(page: OpenPage, cast: Cast) -> None:
    anna = page(cast.anna)
    anna.post("/me", **(PROFILE | {"name": '"><script>alert(1)</script>{{7*7}}'}))
    text = anna.get("/me").text
    assert "<script>alert" not in text
    assert "{{7*7}}" in text


def test_a_new_password_ends_every_other_sign_in(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        other = make_sign_in(db, cast.anna)
    anna = page(cast.anna)
    assert anna.post("/me/password", new="een nieuw wachtwoord").status_code == 303
    assert anna.get("/me").status_code == 200
    with unit_of_work() as db:
        assert db.get_one(SignIn, other.id).ended_at is not None
        assert "password_set" in db.scalars(select(AuditEntry.what)).all()


def test_the_present_password_is_needed_to_change_or_remove_it(page: OpenPage, cast: Cast) -> None:
    set_password(cast.anna.id, "dit is de oude")
    anna = page(cast.anna)
    assert anna.post("/me/password", current="verkeerd", new="een nieuw wachtwoord").status_code == 422
    assert anna.post("/me/password", remove="1").status_code == 422
    assert stored(cast.anna).password_hash is not None
    assert anna.post("/me/password", current="dit is de oude", remove="1").status_code == 303
    assert stored(cast.anna).password_hash is None


@pytest.mark.parametrize(
    "fields", [{}, {"new": "short"}, {"new": "x" * 129}, {"other": "1", "new": "y" * 12}]
)
def test_an_invalid_new_password_is_refused(page: OpenPage, cast: Cast, fields: dict[str, Any]) -> None:
    assert page(cast.anna).post("/me/password", **fields).status_code == 422
    assert stored(cast.anna).password_hash is None


def test_one_browser_can_sign_out_another(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        lost = make_sign_in(db, cast.anna)
    anna = page(cast.anna)
    assert "2 places" in anna.get("/me/sign-ins").text
    assert anna.post(f"/me/sign-ins/{lost.id}/end").headers["Location"] == "/me/sign-ins"
    assert "one place" in anna.get("/me/sign-ins").text


def test_another_persons_sign_in_cannot_be_ended(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        annas = make_sign_in(db, cast.anna)
    assert page(cast.olga).post(f"/me/sign-ins/{annas.id}/end").status_code == 404
    with unit_of_work() as db:
        assert db.get_one(SignIn, annas.id).ended_at is None


def test_signing_out_everywhere_includes_here(page: OpenPage, cast: Cast) -> None:
    one, two = page(cast.anna), page(cast.anna)
    one.post("/me/sign-ins/end-all")
    assert one.get("/me").status_code == two.get("/me").status_code == 303


def test_kinds_of_mail_can_be_switched_off_and_on(page: OpenPage, cast: Cast) -> None:
    anna = page(cast.anna)
    anna.post("/me/mails", kinds=["recording_ready", "no such kind"])
    with unit_of_work() as db:
        assert wants_mail(db, cast.anna.id, "recording_ready")
        assert not wants_mail(db, cast.anna.id, "coffee_day")
        assert len(db.scalars(select(MailChoice)).all()) == len(MAIL_KINDS) - 1
    anna.post("/me/mails", kinds=list(MAIL_KINDS))
    with unit_of_work() as db:
        assert db.scalars(select(MailChoice)).all() == []


def picture(size: tuple[int, int] = (600, 400)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "#1f4b99").save(file, "PNG")
    return file.getvalue()


def test_a_photo_is_cropped_square_and_cached_forever(page: OpenPage, cast: Cast) -> None:
    anna = page(cast.anna)
    assert anna.post("/me/photo", photo=(io.BytesIO(picture()), "me.png")).status_code == 303
    url = stored(cast.anna).photo_url
    assert url is not None
    served = page(None).get(url)
    assert served.mimetype == "image/webp"
    assert "immutable" in served.headers["Cache-Control"]
    with Image.open(io.BytesIO(served.data)) as image:
        assert image.width == image.height
    served.close()
    anna.post("/me/photo", remove="1")
    assert stored(cast.anna).photo_url is None
    assert page(None).get(url).status_code in {303, 404}


@pytest.mark.parametrize("data", [b"", b"<svg onload=alert(1)>", b"GIF89a" + b"\x00" * 50, picture()[:100]])
def test_an_upload_that_is_no_picture_is_refused(page: OpenPage, cast: Cast, data: bytes) -> None:
    answer = page(cast.anna).post("/me/photo", photo=(io.BytesIO(data), "me.png"))
    assert answer.status_code == 422
    assert 'id="error-photo"' in answer.text
    assert stored(cast.anna).photo is None


@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "x.webp", "a" * 26 + ".png", "a" * 26 + ".webp"])
def test_the_photo_endpoint_serves_only_photos(page: OpenPage, cast: Cast, name: str) -> None:
    assert page(cast.anna).get(f"/photos/{name}").status_code == 404


def test_blocks_are_listed_and_lifted_on_the_profile_page(page: OpenPage, cast: Cast) -> None:
    page(cast.anna).post(f"/circles/{cast.circle.slug}/members/{cast.bram.id}/block")
    anna = page(cast.anna)
    assert "Allow again: Bram" in anna.get("/me").text
    assert "Allow Anna again" not in page(cast.bram).get("/me").text
    anna.post(f"/me/blocks/{cast.bram.id}/end")
    with unit_of_work() as db:
        assert db.scalars(select(Block)).all() == []


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_described_in_two_words(agent: str, words: str) -> None:
    assert describe_browser(agent) == words


def test_player_consent_is_stored_with_the_person(page: OpenPage, cast: Cast) -> None:
    here = page(cast.bram)
    here.post("/embeds", origin=VIMEO, allowed="1")
    assert VIMEO in page(cast.bram).get("/me").text, "in every browser of the person"
    assert VIMEO not in page(cast.olga).get("/me").text
    here.post("/embeds", origin=VIMEO)
    assert VIMEO not in page(cast.bram).get("/me").text
    assert stored(cast.bram).allowed_embeds == ""


def test_a_visitors_player_consent_is_stored_in_the_browser(page: OpenPage, cast: Cast) -> None:
    here = page(None)
    here.post("/embeds", origin=VIMEO, allowed="1", next="/privacy")
    assert VIMEO in here.get("/privacy").text
    assert VIMEO not in page(None).get("/privacy").text
    here.post("/embeds", origin=VIMEO, next="/privacy")
    assert VIMEO not in here.get("/privacy").text


@pytest.mark.parametrize(
    "origin",
    ["http://vimeo.com", "https://vimeo.com/path", "https://a b", "javascript:1", "https://x.test *"],
)
def test_player_consent_is_per_origin(page: OpenPage, cast: Cast, origin: str) -> None:
    assert page(cast.bram).post("/embeds", origin=origin, allowed="1").status_code == 422
    assert stored(cast.bram).allowed_embeds == ""


def test_the_newest_consents_are_kept() -> None:
    many = [f"https://site{number}.test" for number in range(MAX_EMBEDS)]
    assert with_embed(many, "https://new.test", allowed=True) == [*many[1:], "https://new.test"]


def test_time_zones_are_grouped_by_region_and_sorted_by_city(page: OpenPage, cast: Cast) -> None:
    html = page(cast.bram).get("/me").text
    zones = html[html.index('id="field-zone"') : html.index("</select>", html.index('id="field-zone"'))]
    assert zones.index('<option value="Europe/Amsterdam" selected>Amsterdam</option>') < zones.index(
        "<optgroup"
    )
    assert zones.count("<optgroup") == 8
    assert zones.count(" selected") == 1
    assert ">Buenos Aires, Argentina</option>" in zones
    assert "Europe / " not in zones
    sent = {"name": "Bram", "languages": "nl", "zone": "America/Argentina/Buenos_Aires", "locale": "en"}
    assert page(cast.bram).post("/me", **sent).status_code == 303
