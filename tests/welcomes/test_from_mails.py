"""Journey of a welcome coffee from mail to mail: neither the newcomer nor the welcomer signs in."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.circles.actions.joining import join_circle
from events.circles.models import Circle
from events.coffees.models import Coffee
from events.core.db.session import unit_of_work
from events.welcomes import actions
from events.welcomes.forms import WelcomeNewcomers
from tests.factories.accounts import make_user
from tests.factories.coffees import person
from tests.support.cast import Cast
from tests.support.mail_assertions import has_invite, html_of, mails_to, path_in, text_of
from tests.support.types import OpenPage, Outbox, SetClock

MORNING = datetime(2030, 3, 4, 10, tzinfo=UTC)
WORDS = {
    "nl": ("welkomstkoffie", "Ja, een welkomstkoffie"),
    "en": ("welcome coffee", "Yes, a welcome coffee"),
}


@pytest.mark.parametrize("locale", ["nl", "en"])
def test_a_newcomer_says_yes_from_a_mail_and_the_welcomer_from_another(
    cast: Cast, page: OpenPage, set_clock: SetClock, outbox: Outbox, locale: str
) -> None:
    set_clock(MORNING)
    with unit_of_work() as db:
        circle, nora = db.get_one(Circle, cast.circle.id), make_user(db, "Nora")
        circle.joining = "open"
        for user in (nora, db.get_one(User, cast.dana.id)):
            user.locale = user.languages = locale
        actions.choose_to_welcome(db, person(cast.dana), circle, WelcomeNewcomers(welcomes=True))
    set_clock(timedelta(days=30))
    with unit_of_work() as db:
        join_circle(db, person(nora), db.get_one(Circle, cast.circle.id))
    set_clock(timedelta(days=1, hours=1))
    (offer,) = mails_to(outbox(), nora)
    subject, button = WORDS[locale]
    assert subject in offer["Subject"]
    assert button in text_of(offer)
    assert button in html_of(offer)

    newcomer, path = page(None), f"/circles/{cast.circle.slug}/welcome-coffee"
    assert newcomer.get(path_in(offer, "/k/")).location.endswith(path)
    newcomer.post(path)
    with unit_of_work() as db:
        assert db.scalars(select(Coffee)).one().state == "proposed"

    (asked,) = mails_to(outbox(), cast.dana)
    assert "Nora" in asked["Subject"]
    welcomer = page(None)
    there = welcomer.get(path_in(asked, "/k/")).location.partition("?")[0]
    assert there.startswith("/coffees/")
    assert welcomer.post(f"{there}/accept", version="1").status_code == 303
    with unit_of_work() as db:
        coffee = db.scalars(select(Coffee)).one()
        assert (coffee.state, {seat.answer for seat in coffee.seats}) == ("confirmed", {"yes"})
    sent = outbox()
    for user in (nora, cast.dana):
        assert any(has_invite(mail) for mail in mails_to(sent, user)), user.name
