"""Another host after the announcement: the new one's calendar gets the entry, the former one's loses it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.core.db.session import unit_of_work
from events.core.mail.ledger import MAX_PER_BURST, CausedMail
from events.livestreams.models import Livestream
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.mail_assertions import has_invite, invite_in, mails_to, text_of
from tests.support.types import OpenPage, Outbox, SetClock

pytestmark = pytest.mark.postgres


@pytest.fixture
def livestream(cast: Cast, page: OpenPage, set_clock: SetClock, fresh: Outbox) -> Livestream:
    """One of Anna's that was announced; everybody has read their mail."""
    start = set_clock(timedelta(0)) + timedelta(days=9)
    with unit_of_work() as db:
        made = make_livestream(db, cast.circle, cast.anna, state="draft", starts_at=start)
    page(cast.anna).post(f"/livestreams/{made.slug}/publish")
    (mail,) = mails_to(fresh(), cast.anna)
    assert (invite_in(mail).method, invite_in(mail).sequence) == ("REQUEST", 0)
    return made


def choose(anna: PageClient, livestream: Livestream, host: User, hour: str = "10:00") -> int:
    form = {"title": livestream.title, "preset": "session", "audience": "members", "minutes": "60"}
    day = str(livestream.starts_at.date())
    return anna.post(
        f"/livestreams/{livestream.slug}/edit", day=day, hour=hour, host=host.name, **form
    ).status_code


def test_the_new_host_gets_the_entry_and_the_former_one_loses_it(
    cast: Cast, page: OpenPage, livestream: Livestream, fresh: Outbox
) -> None:
    assert choose(page(cast.anna), livestream, cast.bram) == 303
    sent = fresh()
    (given,), (taken) = mails_to(sent, cast.bram), mails_to(sent, cast.anna)
    assert (invite_in(given).method, invite_in(given).sequence) == ("REQUEST", 1)
    assert "You were chosen as its host" in text_of(given)
    assert [(invite_in(mail).method, invite_in(mail).sequence) for mail in taken] == [("CANCEL", 1)]
    assert invite_in(given).uid == invite_in(taken[0]).uid
    assert len(sent) == 2  # nobody else hears of it


def test_another_time_later_follows_the_new_host_alone(
    cast: Cast, page: OpenPage, livestream: Livestream, fresh: Outbox
) -> None:
    anna = page(cast.anna)
    choose(anna, livestream, cast.bram)
    fresh()
    choose(anna, livestream, cast.bram, hour="14:00")
    sent = fresh()
    assert mails_to(sent, cast.anna) == []
    (moved,) = mails_to(sent, cast.bram)
    assert (invite_in(moved).method, invite_in(moved).sequence) == ("REQUEST", 2)


def test_another_host_and_another_time_at_once_are_one_mail_to_each(
    cast: Cast, page: OpenPage, livestream: Livestream, fresh: Outbox
) -> None:
    choose(page(cast.anna), livestream, cast.bram, hour="14:00")
    sent = fresh()
    assert [invite_in(mail).method for mail in mails_to(sent, cast.bram)] == ["REQUEST"]
    assert [invite_in(mail).method for mail in mails_to(sent, cast.anna)] == ["CANCEL"]


def test_who_has_a_place_keeps_its_entry_and_comes_back_above_the_one_they_hosted_by(
    cast: Cast, page: OpenPage, livestream: Livestream, fresh: Outbox
) -> None:
    anna, bram = page(cast.anna), page(cast.bram)
    bram.post(f"/livestreams/{livestream.slug}/registration")
    fresh()
    choose(anna, livestream, cast.bram)
    sent = fresh()
    (given,) = mails_to(sent, cast.bram)
    assert not has_invite(given)
    assert "It is in your calendar already." in text_of(given)
    choose(anna, livestream, cast.chris)
    (taken,) = mails_to(fresh(), cast.bram)
    assert not has_invite(taken)
    assert "You keep your place" in text_of(taken)
    anna.post(f"/livestreams/{livestream.slug}/registration")  # her entry was taken out by SEQUENCE 1
    (place,) = mails_to(fresh(), cast.anna)
    assert (invite_in(place).method, invite_in(place).sequence) == ("REQUEST", 2)


def test_back_to_the_first_host_puts_the_entry_back(
    cast: Cast, page: OpenPage, livestream: Livestream, fresh: Outbox
) -> None:
    anna = page(cast.anna)
    choose(anna, livestream, cast.bram)
    fresh()
    choose(anna, livestream, cast.anna)
    sent = fresh()
    assert [(invite_in(m).method, invite_in(m).sequence) for m in mails_to(sent, cast.anna)] == [
        ("REQUEST", 2)
    ]
    assert [(invite_in(m).method, invite_in(m).sequence) for m in mails_to(sent, cast.bram)] == [
        ("CANCEL", 2)
    ]


def test_changing_hosts_to_and_fro_fills_no_mailbox(
    cast: Cast, page: OpenPage, livestream: Livestream, set_clock: SetClock, fresh: Outbox
) -> None:
    anna, got = page(cast.anna), 0
    for turn in range(12):
        choose(anna, livestream, cast.chris if turn % 2 else cast.bram)
        got += len(mails_to(fresh(), cast.bram))
    assert got == 2 * MAX_PER_BURST  # each time he was told that he hosts, he is told once that he does not
    with unit_of_work() as db:
        counted = select(CausedMail.id).where(CausedMail.recipient_id == cast.bram.id)
        assert len(db.scalars(counted).all()) == MAX_PER_BURST + 1  # the last one waits and finds nothing due
    set_clock(timedelta(minutes=11))
    assert mails_to(fresh(), cast.bram) == []


def test_a_draft_changes_hosts_without_a_word(
    cast: Cast, page: OpenPage, set_clock: SetClock, fresh: Outbox
) -> None:
    start = set_clock(timedelta(0)) + timedelta(days=9)
    with unit_of_work() as db:
        draft = make_livestream(db, cast.circle, cast.anna, state="draft", starts_at=start)
    assert choose(page(cast.anna), draft, cast.bram) == 303
    assert fresh() == []
