"""Mail ceilings of a person: counted on mails, independent of later changes to their rows."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Circle, Invitation
from events.circles.rules import (
    MAX_CIRCLES_PER_DAY,
    MAX_INVITATIONS_PER_PERSON_PER_MONTH,
    MAX_INVITATIONS_WHILE_NEW,
)
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.ids import new_id
from events.core.jobs import queue
from events.core.mail.ledger import MAX_PER_BURST, TO_MEMBERS, TO_STRANGERS, CausedMail
from events.core.mail.outgoing_mail import OutgoingMail
from events.core.text.markup import plain_name
from events.notifications.jobs import BATCH
from tests.factories.accounts import make_user
from tests.factories.circles import make_circle, make_member
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.mail_assertions import mails_to, text_of
from tests.support.types import OpenPage, Outbox, SetClock

pytestmark = pytest.mark.postgres
STRANGER = "vreemde@voorbeeld.test"
TOO_MANY = "That would be a lot of mail for one day."


def invite_and_withdraw(organiser: PageClient, circle: Circle, address: str = STRANGER) -> str:
    """The answer to the invitation; it is withdrawn at once."""
    answer = organiser.post(f"/circles/{circle.slug}/invite", addresses=address)
    with unit_of_work() as db:
        open_ = select(Invitation.id).where(
            Invitation.circle_id == circle.id, Invitation.withdrawn_at.is_(None)
        )
        waiting = db.scalars(open_).all()
    for invitation_id in waiting:
        organiser.post(f"/circles/{circle.slug}/invite/{invitation_id}/withdraw")
    return answer.text


def planned() -> list[datetime]:
    with unit_of_work() as db:
        return list(db.scalars(select(CausedMail.sent_at).order_by(CausedMail.sent_at)))


def test_inviting_withdrawing_and_inviting_again_gives_no_new_room(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    now = clock.now()
    anna = page(cast.anna)
    said = [invite_and_withdraw(anna, cast.circle) for _ in range(MAX_INVITATIONS_PER_PERSON_PER_MONTH + 2)]
    assert said[-1].count("got three invitations this month") == 1
    assert len(planned()) == MAX_INVITATIONS_PER_PERSON_PER_MONTH
    assert sum(moment <= now for moment in planned()) == TO_STRANGERS.pair


def test_an_address_gets_few_invitations_a_day_from_all_people_and_circles_together(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    now = clock.now()
    with unit_of_work() as db:
        others = [make_user(db, f"Gastheer {number}") for number in range(5)]
        circles = [make_circle(db, owner=one, name=f"Kring {one.name}") for one in others]
    for one, circle in zip(others, circles, strict=True):
        answer = page(one).post(f"/circles/{circle.slug}/invite", addresses=STRANGER)
        assert "invited" in answer.text  # that others wrote to this address is not told
    leaving = planned()
    assert sum(moment <= now for moment in leaving) == TO_STRANGERS.recipient
    assert leaving[-1] == now + timedelta(days=1)


def test_a_new_account_invites_few_through_all_its_circles_together(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        second = make_circle(db, owner=cast.anna, name="Tweede kring")
    anna = page(cast.anna)
    half = MAX_INVITATIONS_WHILE_NEW // 2
    for circle, offset in ((cast.circle, 0), (second, half)):
        addresses = "\n".join(f"n{offset + number}@voorbeeld.test" for number in range(half))
        assert anna.post(f"/circles/{circle.slug}/invite", addresses=addresses).status_code == 200
    refused = anna.post(f"/circles/{second.slug}/invite", addresses="eentje@voorbeeld.test")
    assert refused.status_code == 422
    assert TOO_MANY in refused.text
    assert len(planned()) == TO_STRANGERS.new_sender
    with unit_of_work() as db:
        assert db.query(Invitation).count() == TO_STRANGERS.new_sender  # nothing is kept of what was refused
    set_clock(timedelta(days=1, minutes=1))
    assert anna.post(f"/circles/{second.slug}/invite", addresses="eentje@voorbeeld.test").status_code == 200


def test_an_invitation_carries_no_words_of_the_sender(
    cast: Cast, page: OpenPage, set_clock: SetClock, fresh: Outbox
) -> None:
    with unit_of_work() as db:
        circle = db.get_one(Circle, cast.circle.id)
        circle.about, circle.name = "Koop nu goedkope horloges", "Win! www.horloges.test 06-12345678 nu"
        db.get_one(User, cast.anna.id).name = "Bel +31612345678 horloges.test"
    page(cast.anna).post(f"/circles/{circle.slug}/invite", addresses=f"Klik op horloges.test <{STRANGER}>")
    (mail,) = fresh()
    whole = f"{mail['Subject']} {mail['To']} {mail['From']} {text_of(mail)}"
    for words in ("goedkope", "horloges.test", "12345678", "Klik"):
        assert words not in whole
    assert "Bel horloges test" in mail["Subject"]
    assert "Win www horloges test nu" in mail["Subject"]


def test_ordinary_names_stay_as_they_are() -> None:
    for name in ("Bedrijvenkring Demo", "Jan-Willem d'Ancona", "Bakkers & Zonen", "Kring 2026", "Ömer Çelik"):
        assert plain_name(name) == name
    assert plain_name("Kopen? https://x.test/nu") == "Kopen https x test nu"
    assert len(plain_name("a" * 80)) == 40


def test_moving_a_coffee_to_and_fro_does_not_fill_a_mailbox(
    cast: Cast, page: OpenPage, set_clock: SetClock, fresh: Outbox
) -> None:
    start = clock.now().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=7)
    times = [start, start + timedelta(days=1)]
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana], starts_at=start, alternatives=times)
    bram = page(cast.bram)
    got = 0
    for turn in range(15):
        moved = bram.post(
            f"/coffees/{coffee.id}/move", version=str(turn + 1), time=times[(turn + 1) % 2].isoformat()
        )
        assert moved.status_code == 303
        got += len(mails_to(fresh(), cast.dana))
    assert got == MAX_PER_BURST
    set_clock(timedelta(minutes=11))
    (last,) = mails_to(fresh(), cast.dana)  # what they became together: the newest
    assert times[1].strftime("%-d") in last["Subject"]


def test_over_the_ceiling_of_a_pair_an_act_is_refused_and_nothing_of_it_is_kept(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed", form="location")
        make_ledger(db, cast.bram, cast.dana, TO_MEMBERS.pair)
    refused = page(cast.bram).post(f"/coffees/{coffee.id}/place", version="1", place="Café De Zwaan")
    assert refused.status_code == 422
    assert TOO_MANY in refused.text
    with unit_of_work() as db:
        assert db.get_one(type(coffee), coffee.id).place == ""
        assert db.scalar(select(OutgoingMail.id)) is None


def test_a_coffee_can_be_called_off_whatever_the_ledger_says(
    cast: Cast, page: OpenPage, set_clock: SetClock, fresh: Outbox
) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed")
        make_ledger(db, cast.bram, cast.dana, TO_MEMBERS.pair)
        make_ledger(db, cast.bram, cast.chris, TO_MEMBERS.sender)
    assert page(cast.bram).post(f"/coffees/{coffee.id}/cancel", version="1").status_code == 303
    assert len(mails_to(fresh(), cast.dana)) == 1


def test_a_person_begins_few_circles_and_an_operator_as_many_as_needed(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    form = {"about": "", "joining": "open", "locale": "nl"}
    olga = page(cast.olga)
    for number in range(MAX_CIRCLES_PER_DAY):
        assert olga.post("/circles/new", name=f"Ring {number}", **form).status_code == 303
    refused = olga.post("/circles/new", name="Nog een ring", **form)
    assert refused.status_code == 422
    assert "You began a few circles lately." in refused.text
    with unit_of_work() as db:
        db.get_one(User, cast.olga.id).is_operator = True
    assert page(cast.olga).post("/circles/new", name="Nog een ring", **form).status_code == 303


def test_announcements_do_not_count_in_the_ledger_of_one_sender(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    """As many as one person may mail a day; a circle of 5,000 goes the same way, batch by batch."""
    with unit_of_work() as db:
        for number in range(BATCH):
            make_member(db, cast.circle, make_user(db, f"Lid {number}"))
        livestream = make_livestream(db, cast.circle, cast.anna, state="draft")
    assert page(cast.anna).post(f"/livestreams/{livestream.slug}/publish").status_code == 303
    queue.run_due(limit=2)
    with unit_of_work() as db:
        told = select(OutgoingMail.id).where(OutgoingMail.kind == "livestream_announced")
        assert len(db.scalars(told).all()) == BATCH
        assert db.scalar(select(CausedMail.id)) is None


def make_ledger(db: Session, sender: User, recipient: User, count: int) -> None:
    for _ in range(count):
        db.add(
            CausedMail(
                pool=TO_MEMBERS.pool,
                sender_id=sender.id,
                recipient_id=recipient.id,
                kind="coffee_proposed",
                subject_id=new_id(),
                sent_at=clock.now(),
            )
        )
