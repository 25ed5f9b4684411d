"""Mails to guests: the link with who invites, the team's word, and the question to join afterwards."""

from datetime import timedelta

import pytest

from events.circles.models import JoinRequest
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream
from events.registrations.actions import send_guest_link
from events.registrations.forms import GuestRequest
from tests.factories.guests import make_guest
from tests.factories.livestreams import make_livestream
from tests.factories.presence import make_stay
from tests.factories.registrations import make_registration
from tests.support.cast import Cast
from tests.support.mail_assertions import html_of, mails_to, path_in, text_of
from tests.support.types import OpenPage, Outbox, SetClock


@pytest.fixture(autouse=True)
def _at_noon(set_clock: SetClock) -> None:
    """A Monday in November."""


def evening(cast: Cast, state: str = "announced") -> Livestream:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, state=state, starts_at=clock.now())


def was_guest(cast: Cast, made: Livestream, *, came: bool = True) -> None:
    with unit_of_work() as db:
        livestream = get_livestream(db, made.id)
        make_registration(db, livestream, cast.olga, guest=True)
        livestream.went_live_at = clock.now()
        if came:
            make_stay(db, livestream, cast.olga, seen_at=clock.now() + timedelta(minutes=30))


@pytest.mark.parametrize("approval", [False, True])
def test_the_mail_with_the_link_says_who_brings_them_and_what_a_press_does(
    cast: Cast, fresh: Outbox, approval: bool
) -> None:
    made = evening(cast)
    with unit_of_work() as db:
        db.merge(cast.circle).guest_approval = approval
        data = GuestRequest(name="Olga", email=cast.olga.email)
        send_guest_link(db, SYSTEM, get_livestream(db, made.id), data, "en", cast.bram.id)
    (mail,) = mails_to(fresh(), cast.olga)
    for text in (text_of(mail), html_of(mail)):
        assert "You come as a guest of Bram" in text
        assert ("The team decides on guests" in text) == approval
        assert ("your place is yours" in text) != approval


def test_a_guest_who_came_is_asked_to_join_two_days_later_and_once(
    cast: Cast, page: OpenPage, fresh: Outbox, set_clock: SetClock
) -> None:
    for turn in range(2):
        made = evening(cast, "live")
        was_guest(cast, made)
        set_clock(timedelta(hours=1))
        page(cast.anna).post(f"/livestreams/{made.slug}/end")
        set_clock(timedelta(days=1))
        assert [mail for mail in mails_to(fresh(), cast.olga) if "guest of" in mail["Subject"]] == []
        set_clock(timedelta(days=2))
        found = [mail for mail in mails_to(fresh(), cast.olga) if "guest of" in mail["Subject"]]
        assert len(found) == (turn == 0)
        for mail in found:
            assert "?then=join" in html_of(mail)
            assert "List-Unsubscribe" in mail


@pytest.mark.parametrize("why", ["stayed away", "asked already", "public"])
def test_who_was_no_guest_there_is_not_asked_to_join(
    cast: Cast, page: OpenPage, fresh: Outbox, set_clock: SetClock, why: str
) -> None:
    made = evening(cast, "live")
    was_guest(cast, made, came=why != "stayed away")
    with unit_of_work() as db:
        if why == "asked already":
            db.add(JoinRequest(circle_id=made.circle_id, user_id=cast.olga.id, created_at=clock.now()))
        if why == "public":
            get_livestream(db, made.id).audience = "public"
    set_clock(timedelta(hours=1))
    page(cast.anna).post(f"/livestreams/{made.slug}/end")
    set_clock(timedelta(days=3))
    assert [mail for mail in mails_to(fresh(), cast.olga) if "guest of" in mail["Subject"]] == []


def test_the_team_reads_who_asks_and_who_brings_them(cast: Cast, page: OpenPage, fresh: Outbox) -> None:
    made = evening(cast)
    with unit_of_work() as db:
        db.merge(cast.circle).guest_approval = True
        make_guest(db, get_livestream(db, made.id), cast.olga, inviter=cast.bram)
        data = GuestRequest(name="Olga", email=cast.olga.email)
        send_guest_link(db, SYSTEM, get_livestream(db, made.id), data, "en", cast.bram.id)
    (mail,) = mails_to(fresh(), cast.olga)
    guest = page(None)
    landed = guest.get(path_in(mail, "/k/"))
    guest.post(landed.location)
    assert "You asked for a place" in guest.main(landed.location)
    (asked,) = mails_to(fresh(), cast.anna)
    for text in (text_of(asked), html_of(asked)):
        assert f"{cast.olga.name} asks to come as a guest" in text
        assert "Bram brings them" in text
