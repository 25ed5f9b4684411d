"""Invitations after they were sent: two reminders, mailed again by the team, declined by the invited."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from events.accounts.models import BouncedAddress, User
from events.circles.models import Circle, Invitation, Membership
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.mail.outgoing_mail import OutgoingMail
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.mail_assertions import LINK, html_of, mails_to, path_in, text_of
from tests.support.types import OpenPage, Outbox, SetClock

EVA = "eva@example.test"


def invite_eva(page: OpenPage, cast: Cast) -> User:
    with unit_of_work() as db:
        db.get_one(Circle, cast.circle.id).locale = "en"
    answer = page(cast.anna).post(f"/circles/{cast.circle.slug}/invite", addresses=f"Eva Noor <{EVA}>")
    assert answer.status_code == 200
    with unit_of_work() as db:
        return db.scalars(select(User).where(User.email == EVA)).one()


def invitation() -> Invitation:
    with unit_of_work() as db:
        return db.scalars(select(Invitation)).one()


def days_with_mail(
    eva: User, set_clock: SetClock, outbox: Outbox, days: int
) -> list[tuple[int, EmailMessage]]:
    """The mails of each day from the invitation on."""
    found: list[tuple[int, EmailMessage]] = []
    seen: set[str] = set()
    for day in range(days):
        for mail in mails_to(outbox(), eva):
            if mail["Message-ID"] not in seen:
                seen.add(mail["Message-ID"])
                found.append((day, mail))
        set_clock(timedelta(days=1))
    return found


def test_who_does_not_answer_is_reminded_after_four_and_eleven_days_and_then_left_be(
    page: OpenPage, cast: Cast, set_clock: SetClock, outbox: Outbox
) -> None:
    eva = invite_eva(page, cast)
    found = days_with_mail(eva, set_clock, outbox, 40)
    assert [day for day, _mail in found] == [0, 4, 11]
    assert [mail["Subject"] for _day, mail in found[1:]] == [
        f"Reminder: Anna invites you to {cast.circle.name}"
    ] * 2
    assert "we remind you twice at most" in text_of(found[0][1])
    assert "we remind you once more" in text_of(found[1][1])
    assert "the last mail about it" in html_of(found[2][1])
    assert found[1][1]["List-Unsubscribe"] is not None


def test_the_last_reminder_still_lets_in_with_one_press(
    page: OpenPage, cast: Cast, set_clock: SetClock, outbox: Outbox
) -> None:
    eva = invite_eva(page, cast)
    (_day, mail) = days_with_mail(eva, set_clock, outbox, 12)[-1]
    browser = page(None)
    assert browser.post(path_in(mail, "/k/")).status_code == 303
    with unit_of_work() as db:
        assert db.scalars(select(Membership).where(Membership.user_id == eva.id)).one().role == "member"
    assert days_with_mail(eva, set_clock, outbox, 30)[3:] == []


def test_who_joined_is_not_reminded(page: OpenPage, cast: Cast, set_clock: SetClock, outbox: Outbox) -> None:
    eva = invite_eva(page, cast)
    (mail,) = mails_to(outbox(), eva)
    page(None).post(path_in(mail, "/k/"))
    set_clock(timedelta(days=12))
    assert len(mails_to(outbox(), eva)) == 1
    assert "joined" in page(cast.anna).get(f"/circles/{cast.circle.slug}/invite").text


def test_who_says_no_by_the_link_hears_nothing_more_and_is_not_invited_again(
    page: OpenPage, cast: Cast, set_clock: SetClock, outbox: Outbox
) -> None:
    eva = invite_eva(page, cast)
    (mail,) = mails_to(outbox(), eva)
    browser, path = page(None), path_in(mail, "/k/")
    secret = path.removeprefix("/k/")
    assert f"/invitations/{secret}/decline" in browser.get(path).text
    assert invitation().declined_at is None  # looking changes nothing
    assert browser.get(f"/invitations/{secret}/decline").status_code == 405
    said = browser.post(f"/invitations/{secret}/decline")
    assert said.status_code == 200
    assert cast.circle.name in said.text
    set_clock(timedelta(days=12))
    assert len(mails_to(outbox(), eva)) == 1
    anna, here = page(cast.anna), f"/circles/{cast.circle.slug}/invite"
    assert "said no, thank you" in anna.get(here).text
    assert "leave it at that" in anna.post(here, addresses=EVA).text
    assert (
        anna.post(f"{here}/{invitation().id}/again", follow=True).text.count("answered in the meantime") == 1
    )
    assert len(mails_to(outbox(), eva)) == 1


def test_who_thinks_better_of_it_joins_by_the_same_link(
    page: OpenPage, cast: Cast, set_clock: SetClock, outbox: Outbox
) -> None:
    eva = invite_eva(page, cast)
    (mail,) = mails_to(outbox(), eva)
    browser, path = page(None), path_in(mail, "/k/")
    browser.post(f"/invitations/{path.removeprefix('/k/')}/decline")
    assert browser.post(path).status_code == 303
    with unit_of_work() as db:
        assert db.scalars(select(Membership).where(Membership.user_id == eva.id)).one().role == "member"
    assert "joined" in status_in_list(page(cast.anna), cast)


def test_a_garbled_or_foreign_key_declines_nothing(
    page: OpenPage, cast: Cast, set_clock: SetClock, outbox: Outbox
) -> None:
    invite_eva(page, cast)
    assert page(cast.olga).post("/invitations/nonsense/decline").status_code == 404
    assert invitation().is_open


def test_the_team_mails_again_within_three_a_month_and_the_reminder_keeps_its_distance(
    page: OpenPage, cast: Cast, set_clock: SetClock, outbox: Outbox
) -> None:
    eva = invite_eva(page, cast)
    outbox()
    anna, here = page(cast.anna), f"/circles/{cast.circle.slug}/invite"
    set_clock(timedelta(days=3))
    for expected in (2, 3):
        set_clock(timedelta(minutes=11))
        done = anna.post(f"{here}/{invitation().id}/again", follow=True)
        assert "on its way again" in done.text
        assert len(mails_to(outbox(), eva)) == expected
    assert "three invitations this month" in anna.post(f"{here}/{invitation().id}/again", follow=True).text
    set_clock(timedelta(days=1))
    assert len(mails_to(outbox(), eva)) == 3  # the first reminder would be a day after
    set_clock(timedelta(days=8))
    assert len(mails_to(outbox(), eva)) == 4


def test_only_the_team_of_that_circle_mails_again(page: OpenPage, cast: Cast, set_clock: SetClock) -> None:
    invite_eva(page, cast)
    address = f"/circles/{cast.circle.slug}/invite/{invitation().id}/again"
    for user in (cast.bram, cast.olga):
        assert page(user).post(address).status_code == 404
    with unit_of_work() as db:
        other = Circle(name="Other", slug="other-xxxxx", created_at=clock.now())
        db.add(other)
        db.flush()
        db.add(Membership(circle_id=other.id, user_id=cast.olga.id, role="owner", created_at=clock.now()))
    address = f"/circles/other-xxxxx/invite/{invitation().id}/again"
    assert page(cast.olga).post(address).status_code == 404


def status_in_list(anna: PageClient, cast: Cast) -> str:
    text = " ".join(anna.get(f"/circles/{cast.circle.slug}/invite").text.split())
    listed = text[text.index('<ul class="invited">') :]
    return listed[: listed.index("</ul>")]


@pytest.mark.parametrize(("state", "words"), [("returned", "the mail came back"), ("sent", "mailed")])
def test_the_list_says_what_became_of_the_mail(
    page: OpenPage, cast: Cast, set_clock: SetClock, outbox: Outbox, state: str, words: str
) -> None:
    eva = invite_eva(page, cast)
    anna = page(cast.anna)
    assert "mailed" not in status_in_list(anna, cast)
    outbox()
    with unit_of_work() as db:
        mail = db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "invited")).one()
        mail.state = state
    listed = status_in_list(anna, cast)
    assert words in listed
    assert ("Mail again" in listed) is (state == "sent")
    set_clock(timedelta(days=4))
    if state == "sent":
        assert len(mails_to(outbox(), eva)) == 2
        assert "reminded" in status_in_list(anna, cast)


def test_an_address_that_comes_back_is_not_reminded_and_another_circles_bounce_is_not_told(
    page: OpenPage, cast: Cast, set_clock: SetClock, outbox: Outbox
) -> None:
    eva = invite_eva(page, cast)
    outbox()
    with unit_of_work() as db:
        now = clock.now()
        db.add(BouncedAddress(user_id=eva.id, address=EVA, kind="gone", last_at=now, suppressed_at=now))
    set_clock(timedelta(days=12))
    assert len(mails_to(outbox(), eva)) == 1
    assert "came back" not in status_in_list(page(cast.anna), cast)


def test_unsubscribing_from_reminders_keeps_the_invitation(
    page: OpenPage, cast: Cast, set_clock: SetClock, outbox: Outbox
) -> None:
    eva = invite_eva(page, cast)
    (_day, mail) = days_with_mail(eva, set_clock, outbox, 5)[-1]
    links = [link for link in LINK.findall(text_of(mail)) if "/unsubscribe/" in link]
    assert page(None).post(links[0].removeprefix("http://localhost:8000")).status_code == 200
    set_clock(timedelta(days=12))
    assert len(mails_to(outbox(), eva)) == 2
    assert invitation().is_open


def test_the_list_goes_from_mailed_to_looked_to_joined(
    page: OpenPage, cast: Cast, set_clock: SetClock, outbox: Outbox
) -> None:
    eva, anna = invite_eva(page, cast), page(cast.anna)
    assert "invited" in status_in_list(anna, cast)
    (mail,) = mails_to(outbox(), eva)
    assert "mailed" in status_in_list(anna, cast)
    browser, path = page(None), path_in(mail, "/k/")
    look = f"/invitations/{path.removeprefix('/k/')}/look"
    assert look in browser.get(path).text
    assert browser.get(look).status_code == 405
    assert "mailed" in status_in_list(anna, cast)  # opening the link changed nothing
    assert cast.circle.name in browser.post(look).text
    assert "had a look" in status_in_list(anna, cast)
    looked_at = invitation().looked_at
    assert len(days_with_mail(eva, set_clock, outbox, 5)) == 2  # the reminder comes all the same
    browser.post(look)
    assert invitation().looked_at == looked_at
    assert "had a look" in status_in_list(anna, cast)
    assert browser.post(path).status_code == 303
    assert "joined" in status_in_list(anna, cast)


def test_a_mail_that_comes_back_stands_above_a_look_and_a_no_above_both(
    page: OpenPage, cast: Cast, set_clock: SetClock, outbox: Outbox
) -> None:
    eva, anna = invite_eva(page, cast), page(cast.anna)
    (mail,) = mails_to(outbox(), eva)
    secret = path_in(mail, "/k/").removeprefix("/k/")
    page(None).post(f"/invitations/{secret}/look")
    with unit_of_work() as db:
        db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "invited")).one().state = "returned"
    assert "the mail came back" in status_in_list(anna, cast)
    page(None).post(f"/invitations/{secret}/decline")
    assert "said no, thank you" in status_in_list(anna, cast)


def test_who_has_an_account_elsewhere_looks_by_the_same_press(
    page: OpenPage, cast: Cast, set_clock: SetClock, outbox: Outbox
) -> None:
    page(cast.anna).post(f"/circles/{cast.circle.slug}/invite", addresses=cast.olga.email)
    (mail,) = mails_to(outbox(), cast.olga)
    path = path_in(mail, "/k/")
    look = f"/invitations/{path.removeprefix('/k/')}/look"
    assert look in page(None).get(path).text
    assert page(None).post(look).status_code == 200
    assert "had a look" in status_in_list(page(cast.anna), cast)


def test_a_garbled_key_looks_at_nothing(page: OpenPage, cast: Cast, outbox: Outbox) -> None:
    invite_eva(page, cast)
    for user in (None, cast.olga):
        assert page(user).post("/invitations/nonsense/look").status_code == 404
    assert invitation().looked_at is None
