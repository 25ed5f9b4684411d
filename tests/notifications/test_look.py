"""The look of a circle in its mails: its name on its colour, and a bar of that colour above the sheet."""

from events.core.db.session import unit_of_work
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.mail_assertions import html_of, mails_to
from tests.support.types import OpenPage, Outbox

BUTTON = "background:#1f4b99;border:2px solid #1f4b99"


def mail_of_a_place(cast: Cast, page: OpenPage, fresh: Outbox, colour: str | None, logo: str | None) -> str:
    with unit_of_work() as db:
        circle = db.merge(cast.circle)
        circle.colour, circle.logo = colour, logo
        livestream = make_livestream(db, circle, cast.anna)
    page(cast.bram).post(f"/livestreams/{livestream.slug}/registration")
    (mail,) = mails_to(fresh(), cast.bram)
    return html_of(mail)


def test_a_pale_colour_has_dark_letters_and_a_bar_that_shows_in_both_schemes(
    cast: Cast, page: OpenPage, fresh: Outbox
) -> None:
    html = mail_of_a_place(cast, page, fresh, "#ffe000", None)
    assert "background:#ffe000;color:#2b1c12;" in html
    assert ".bar { background: #ffe000 !important; }" in html
    assert 'class="bar" style="background:#ffe000' not in html  # darkened: it lies on a light sheet
    assert BUTTON in html


def test_a_logo_takes_the_place_of_the_name_on_its_colour(cast: Cast, page: OpenPage, fresh: Outbox) -> None:
    html = mail_of_a_place(cast, page, fresh, "#2f6b4f", "kring.png")
    assert 'class="bar" style="background:#2f6b4f' in html
    assert 'alt="Bedrijvenkring Demo"' in html
    assert "display:inline-block;padding:3px 10px" not in html


def test_without_a_colour_there_is_no_bar(cast: Cast, page: OpenPage, fresh: Outbox) -> None:
    html = mail_of_a_place(cast, page, fresh, None, None)
    assert 'class="bar"' not in html
    assert ".bar" not in html


def test_the_preview_of_an_invitation_has_the_colour_too(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        db.merge(cast.circle).colour = "#2f6b4f"
    shown = page(cast.anna).get(f"/circles/{cast.circle.slug}/invitation-mail/nl").text
    assert 'class="bar" style="background:#2f6b4f' in shown
    assert "background:#2f6b4f;color:#fffdf8;" in shown
