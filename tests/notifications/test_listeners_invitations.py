"""Mails about invitations: to the invited only, with a link that lets them answer."""

from datetime import timedelta
from email.message import EmailMessage

from events.accounts.models import Block
from events.bookings.actions import invitations
from events.bookings.forms import Invite
from events.coffees import rules
from events.coffees.actions import responses
from events.coffees.queries import coffees
from events.coffees.queries import common_times as coffees_times
from events.core import clock
from events.core.db.session import unit_of_work
from tests.factories.coffees import make_booking_page, make_coffee, person
from tests.support.cast import Cast
from tests.support.mail_assertions import addresses, has_invite, html_of, mails_to, path_in, text_of
from tests.support.types import OpenPage, Outbox, SetClock


def invite(cast: Cast) -> str:
    with unit_of_work() as db:
        times = coffees_times.list_offered_times(
            db, cast.bram.id, [cast.dana.id], 45, notice=rules.INVITATION_NOTICE
        )[:3]
        data = Invite(times=times, about="How you hand over", form="phone")
        return invitations.invite_person(db, person(cast.bram), cast.circle, cast.dana.id, data).id


def test_an_invitation_mail_shows_sender_times_and_format(
    cast: Cast, set_clock: SetClock, fresh: Outbox, page: OpenPage
) -> None:
    coffee_id = invite(cast)
    sent = fresh()
    assert addresses(sent) == [cast.dana.email]
    (mail,) = sent
    with unit_of_work() as db:
        day = coffees.get_coffee(db, coffee_id).starts_at
    assert mail["Subject"] == f"Bram invites you for a coffee, {day:%A} {day.day} {day:%B}?"
    text = text_of(mail)
    for words in (
        "‘How you hand over’",
        "By phone.",
        "This suits Bram as well:",
        "Bram only hears that it isn't happening.",
        "You get this because Bram of Bedrijvenkring Demo would like a coffee with you.",
    ):
        assert words in text
        assert words in html_of(mail).replace("&#39;", "'")
    assert not has_invite(mail)
    dana = page(None)
    dana.get(path_in(mail, "/k/"))
    assert dana.post(f"/coffees/{coffee_id}/accept", version="1").status_code == 303
    for agreed in fresh():
        assert has_invite(agreed)


def test_the_inviter_reads_the_same_sentence_for_a_decline_and_silence(
    cast: Cast, set_clock: SetClock, fresh: Outbox
) -> None:
    told = []
    for answered in (True, False):
        coffee_id = invite(cast)
        fresh()
        with unit_of_work() as db:
            coffee = coffees.get_coffee(db, coffee_id)
            if answered:
                responses.decline_coffee(db, person(cast.dana), coffee)
            until = coffee.answer_by
        if not answered:
            set_clock(until + timedelta(minutes=1))
        (mail,) = mails_to(fresh(), cast.bram)
        told.append([line for line in text_of(mail).splitlines() if "/k/" not in line])
    assert told[0] == told[1]
    assert "You get this because you invited Dana." in "\n".join(told[0])


def test_a_blocked_inviter_causes_no_mail(cast: Cast, set_clock: SetClock, fresh: Outbox) -> None:
    with unit_of_work() as db:
        db.add(Block(blocker_id=cast.dana.id, blocked_id=cast.bram.id, created_at=clock.now()))
    invite(cast)
    assert fresh() == []


def test_the_mail_afterwards_leads_to_the_others_open_page(
    cast: Cast, set_clock: SetClock, fresh: Outbox
) -> None:
    with unit_of_work() as db:
        make_booking_page(db, cast.dana)
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana])
    for user in (cast.bram, cast.dana):
        with unit_of_work() as db:
            responses.accept_coffee(db, person(user), coffees.get_coffee(db, coffee.id))
    fresh()
    set_clock(coffee.ends_at + timedelta(minutes=1))
    (brams,), (danas,) = both(cast, fresh)
    assert "/with/dana" in text_of(brams)
    assert "/with/" not in text_of(danas)


def both(cast: Cast, fresh: Outbox) -> tuple[list[EmailMessage], list[EmailMessage]]:
    sent = [mail for mail in fresh() if "Two questions" in str(mail["Subject"])]
    return mails_to(sent, cast.bram), mails_to(sent, cast.dana)
