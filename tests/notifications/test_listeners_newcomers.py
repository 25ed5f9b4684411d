"""Announcements reach later members too, once; the host gets a mail of her own."""

from datetime import UTC, datetime, timedelta

import pytest

from events.accounts.models import MailChoice, User
from events.circles.actions.joining import accept_invitation, invite_members, join_circle
from events.circles.actions.members import leave_circle
from events.circles.forms.circles import Invitee
from events.circles.models import Circle
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor
from events.core.bus import announce
from events.core.db.session import unit_of_work
from events.livestreams.actions.transitions import cancel_livestream, publish_livestream
from events.livestreams.forms import CancelLivestream
from events.livestreams.models import Livestream
from events.livestreams.signals import LivestreamMoved
from events.notifications.queries.hosts import count_announced
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.mail_assertions import addresses, has_invite, invite_in, mails_to, text_of
from tests.support.types import OpenPage, Outbox, SetClock

START = datetime(2026, 12, 3, 19, 0, tzinfo=UTC)
TITLE = "Offertes die een ja krijgen"


def person(user: User) -> Actor:
    return Actor(kind="person", person_id=user.id, name=user.name, sign_in_id="s")


def planned(cast: Cast, state: str = "announced", title: str = TITLE) -> Livestream:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, state=state, starts_at=START, title=title)


def join(cast: Cast, user: User) -> None:
    with unit_of_work() as db:
        circle = db.get_one(Circle, cast.circle.id)
        circle.joining = "open"
        join_circle(db, person(user), circle)


def test_a_new_member_gets_an_earlier_announcement_once(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    planned(cast)
    planned(cast, "draft", title="Nog geheim")
    planned(cast, "ended", title="Al voorbij")
    join(cast, cast.olga)
    (mail,) = fresh()
    assert addresses([mail]) == [cast.olga.email]
    assert TITLE in mail["Subject"]
    with unit_of_work() as db:
        leave_circle(db, person(cast.olga), db.get_one(Circle, cast.circle.id))
    join(cast, cast.olga)
    assert fresh() == []


def test_an_imported_member_gets_the_announcement_after_accepting(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    planned(cast)
    with unit_of_work() as db:
        circle = db.get_one(Circle, cast.circle.id)
        invite_members(db, person(cast.anna), circle, [Invitee("x", "Eva", "eva@example.test")])
    (welcome,) = fresh()
    assert TITLE in text_of(welcome)
    assert "3 December" in text_of(welcome) or "3 december" in text_of(welcome)
    with unit_of_work() as db:
        eva = db.query(User).filter_by(email="eva@example.test").one()
        eva.confirmed_at = clock.now()
        accept_invitation(db, SYSTEM, db.get_one(Circle, cast.circle.id), eva.id)
    (mail,) = fresh()
    assert TITLE in mail["Subject"]


def test_an_invitation_names_no_draft_and_no_title_that_carries_a_message(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    planned(cast, "draft", title="Nog geheim")
    with unit_of_work() as db:
        circle = db.get_one(Circle, cast.circle.id)
        invite_members(db, person(cast.anna), circle, [Invitee("x", "Eva", "eva@example.test")])
    (mail,) = fresh()
    assert "Nog geheim" not in text_of(mail)
    planned(cast, title="Win nu op prijs.example.com")
    with unit_of_work() as db:
        circle = db.get_one(Circle, cast.circle.id)
        invite_members(db, person(cast.anna), circle, [Invitee("x", "Fred", "fred@example.test")])
    (mail,) = fresh()
    assert "example.com" not in text_of(mail)
    assert "20:00" in text_of(mail)


def test_the_host_gets_a_calendar_entry_and_no_request_to_register(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    livestream = planned(cast, "draft")
    with unit_of_work() as db:
        publish_livestream(db, SYSTEM, db.merge(livestream))
    sent = fresh()
    (hosted,) = mails_to(sent, cast.anna)
    invite = invite_in(hosted)
    assert (invite.method, invite.partstat) == ("REQUEST", "ACCEPTED")
    assert f"/livestreams/{livestream.slug}/desk" in text_of(hosted)
    others = [mail for mail in sent if mail is not hosted]
    assert addresses(others) == sorted(one.email for one in (cast.bram, cast.chris, cast.dana))
    assert not any(has_invite(mail) for mail in others)
    with unit_of_work() as db:
        row = db.get_one(Livestream, livestream.id)
        row.starts_at += timedelta(days=1)
        row.ends_at += timedelta(days=1)
        row.sequence += 1
        announce(db, LivestreamMoved(row.id))
    moved = invite_in(mails_to(fresh(), cast.anna)[0])
    assert (moved.method, moved.uid) == ("REQUEST", invite.uid)
    assert moved.starts_at == START + timedelta(days=1)
    with unit_of_work() as db:
        cancel_livestream(db, SYSTEM, db.get_one(Livestream, livestream.id), CancelLivestream())
    gone = invite_in(mails_to(fresh(), cast.anna)[0])
    assert (gone.method, gone.uid) == ("CANCEL", invite.uid)


def test_publish_says_how_many_get_mail_and_that_is_how_many_do(
    cast: Cast, fresh: Outbox, set_clock: SetClock, page: OpenPage
) -> None:
    with unit_of_work() as db:
        db.add(MailChoice(user_id=cast.dana.id, kind="livestream_announced", created_at=clock.now()))
    livestream = planned(cast, "draft")
    with unit_of_work() as db:
        assert count_announced(db, db.merge(livestream)) == 2
    assert "2 people get a mail with a link" in page(cast.anna).main(f"/livestreams/{livestream.slug}/desk")
    with unit_of_work() as db:
        publish_livestream(db, SYSTEM, db.merge(livestream))
    assert addresses([m for m in fresh() if not has_invite(m)]) == sorted([cast.bram.email, cast.chris.email])


@pytest.mark.parametrize(("who", "button"), [("bram", "Register"), ("olga", None)])
def test_the_welcome_page_names_the_next_livestream(
    cast: Cast, page: OpenPage, set_clock: SetClock, who: str, button: str | None
) -> None:
    """With a button for who has joined; who is only invited reads what and when."""
    livestream = planned(cast)
    if who == "olga":
        with unit_of_work() as db:
            circle = db.get_one(Circle, cast.circle.id)
            invite_members(db, person(cast.anna), circle, [Invitee("x", "Olga", cast.olga.email)])
    html = page(getattr(cast, who)).main(f"/circles/{cast.circle.slug}/welcome")
    assert TITLE in html
    assert "Thursday 3 December" in html
    assert (f'action="/livestreams/{livestream.slug}/registration"' in html) == (button is not None)
