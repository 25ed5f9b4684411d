"""Mail ceilings of a circle: mailings a day, and no delay for the mail of other circles."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from events.accounts.models import User
from events.circles.models import Circle, Membership
from events.coffees.signals import CoffeeConfirmed, CoffeeProposed
from events.core import clock
from events.core.bus import announce
from events.core.db.session import unit_of_work
from events.core.ids import new_id
from events.core.mail.mailings import MAX_MAILINGS_PER_DAY, Mailing, count_mailings
from events.core.mail.outbox import queue_mail
from events.core.mail.outgoing_mail import OutgoingMail
from events.livestreams.models import Livestream
from events.livestreams.signals import LivestreamPublished
from events.rounds.models import Round
from tests.factories.circles import make_circle, make_member
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.factories.rounds import make_round
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.mail_assertions import invite_in, mails_to
from tests.support.types import OpenPage, Outbox, SetClock

pytestmark = pytest.mark.postgres
REFUSED = f"Your circle mailed everyone {MAX_MAILINGS_PER_DAY} times in the last 24 hours"


def publish(anna: PageClient, cast: Cast, number: int) -> tuple[Livestream, str]:
    """A new livestream of Anna's circle, and what she reads when she publishes it."""
    with unit_of_work() as db:
        start = clock.now() + timedelta(days=9)
        made = make_livestream(
            db, cast.circle, cast.anna, title=f"Avond {number}", state="draft", starts_at=start
        )
    answer = anna.post(f"/livestreams/{made.slug}/publish")
    assert answer.status_code == 303
    return made, anna.get(answer.location).text


def make_mailings(circle: Circle, count: int) -> None:
    with unit_of_work() as db:
        for _ in range(count):
            db.add(Mailing(group_id=circle.id, subject_id=new_id(), announces=True, sent_at=clock.now()))


def test_announcing_and_calling_off_in_a_loop_ends_and_members_get_one_a_day(
    cast: Cast, page: OpenPage, set_clock: SetClock, fresh: Outbox
) -> None:
    anna, got = page(cast.anna), 0
    for number in range(MAX_MAILINGS_PER_DAY + 3):
        made, said = publish(anna, cast, number)
        got += len(mails_to(fresh(), cast.bram))
        assert (REFUSED in said) is (number >= MAX_MAILINGS_PER_DAY)
        anna.post(f"/livestreams/{made.slug}/cancel")
        got += len(mails_to(fresh(), cast.bram))
    assert got == 1
    with unit_of_work() as db:
        assert db.get_one(Livestream, made.id).published_at is None  # nothing is kept of what was refused
    set_clock(timedelta(days=1, minutes=1))
    (asked,) = mails_to(fresh(), cast.bram)  # what nobody was told of does not lead to a question
    assert asked["Subject"] == "‘Avond 0’ is cancelled. The coffee isn't"
    assert REFUSED not in publish(anna, cast, 99)[1]
    assert mails_to(fresh(), cast.bram) == []
    set_clock(timedelta(days=1))
    assert len(mails_to(fresh(), cast.bram)) == 1


def test_a_second_announcement_on_a_day_reaches_members_the_next_morning(
    cast: Cast, page: OpenPage, set_clock: SetClock, fresh: Outbox
) -> None:
    anna = page(cast.anna)
    said = [publish(anna, cast, number)[1] for number in range(3)]
    later = "Members get one mail a day: anyone who had one today gets this one tomorrow."
    assert [later in text for text in said] == [False, True, True]
    assert len(mails_to(fresh(), cast.bram)) == 1
    for _day in range(2):
        set_clock(timedelta(days=1))
        assert len(mails_to(fresh(), cast.bram)) == 1
    set_clock(timedelta(days=1))
    assert mails_to(fresh(), cast.bram) == []


def test_an_announcement_for_tonight_is_not_put_off_until_it_is_over(
    cast: Cast, page: OpenPage, set_clock: SetClock, fresh: Outbox
) -> None:
    set_clock(datetime(2026, 12, 3, 12, 0, tzinfo=UTC))
    anna = page(cast.anna)
    publish(anna, cast, 1)
    got = len(mails_to(fresh(), cast.bram))
    with unit_of_work() as db:
        tonight = clock.now() + timedelta(hours=5)
        made = make_livestream(db, cast.circle, cast.anna, title="Vanavond", state="draft", starts_at=tonight)
    anna.post(f"/livestreams/{made.slug}/publish")
    assert (got, len(mails_to(fresh(), cast.bram))) == (1, 1)


def test_mail_of_one_circle_holds_up_that_of_another_for_two_days_at_most(
    cast: Cast, page: OpenPage, set_clock: SetClock, fresh: Outbox
) -> None:
    with unit_of_work() as db:
        second = make_circle(db, owner=cast.olga, name="Tweede kring")
        make_member(db, second, db.get_one(User, cast.bram.id))
        make_member(db, second, db.get_one(User, cast.dana.id))
        db.query(Membership).filter_by(user_id=cast.dana.id, circle_id=cast.circle.id).delete()
    anna, olga = page(cast.anna), page(cast.olga)
    for number in range(5):
        publish(anna, cast, number)
    sent = fresh()
    with unit_of_work() as db:
        start = clock.now() + timedelta(days=9)
        made = make_livestream(db, second, cast.olga, title="Eigen avond", state="draft", starts_at=start)
    assert REFUSED not in olga.get(olga.post(f"/livestreams/{made.slug}/publish").location).text
    sent += fresh()
    assert len(mails_to(sent, cast.bram)) == 1
    (at_once,) = mails_to(sent, cast.dana)  # who is in the other circle alone
    assert "Eigen avond" in at_once["Subject"]
    set_clock(timedelta(days=1))
    assert len(mails_to(fresh(), cast.bram)) == 1
    set_clock(timedelta(days=1))
    assert any("Eigen avond" in mail["Subject"] for mail in mails_to(fresh(), cast.bram))


def test_a_cancellation_reaches_every_holder_of_the_calendar_entry(
    cast: Cast, page: OpenPage, set_clock: SetClock, fresh: Outbox
) -> None:
    anna = page(cast.anna)
    made, _said = publish(anna, cast, 1)
    page(cast.bram).post(f"/livestreams/{made.slug}/registration")
    make_mailings(cast.circle, MAX_MAILINGS_PER_DAY)
    fresh()
    assert anna.post(f"/livestreams/{made.slug}/cancel").status_code == 303
    (mail,) = mails_to(fresh(), cast.bram)
    assert invite_in(mail).method == "CANCEL"


def test_moving_counts_and_over_the_ceiling_the_time_stays(
    cast: Cast, page: OpenPage, set_clock: SetClock, fresh: Outbox
) -> None:
    anna = page(cast.anna)
    made, _said = publish(anna, cast, 1)
    page(cast.bram).post(f"/livestreams/{made.slug}/registration")
    fresh()
    day = made.starts_at.date()
    form = {"title": made.title, "hour": "20:00", "minutes": "60", "preset": "session", "audience": "members"}
    moved = anna.post(f"/livestreams/{made.slug}/edit", day=str(day + timedelta(days=1)), **form)
    assert moved.status_code == 303
    assert len(mails_to(fresh(), cast.bram)) == 1
    make_mailings(cast.circle, MAX_MAILINGS_PER_DAY)
    refused = anna.post(f"/livestreams/{made.slug}/edit", day=str(day + timedelta(days=2)), **form)
    assert refused.status_code == 422
    assert REFUSED in refused.text
    assert mails_to(fresh(), cast.bram) == []
    with unit_of_work() as db:
        assert db.get_one(Livestream, made.id).starts_at.date() == day + timedelta(days=1)


def test_rounds_and_recordings_count_too(cast: Cast, page: OpenPage, set_clock: SetClock) -> None:
    make_mailings(cast.circle, MAX_MAILINGS_PER_DAY)
    refused = page(cast.anna).post(f"/circles/{cast.circle.slug}/rounds/new", title="Koffie", days="5")
    assert refused.status_code == 422
    assert REFUSED in refused.text
    with unit_of_work() as db:
        assert db.scalar(select(Round.id)) is None


def test_what_our_own_clock_sends_is_counted_and_never_refused(cast: Cast, set_clock: SetClock) -> None:
    make_mailings(cast.circle, MAX_MAILINGS_PER_DAY)
    with unit_of_work() as db:
        made = make_livestream(db, cast.circle, cast.anna)
        announce(db, LivestreamPublished(made.id))
    with unit_of_work() as db:
        assert count_mailings(db, cast.circle.id) == MAX_MAILINGS_PER_DAY + 1


def test_a_long_mailing_of_one_circle_leaves_the_coffee_mails_of_another_their_minute(
    app: Flask, cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    """A mailing over many minutes is queued first; then another circle's round proposes its coffees."""
    usual = app.config["SETTINGS"]
    app.config["SETTINGS"] = usual.model_copy(update={"mail_per_minute": 8})
    try:
        with unit_of_work() as db:
            for number in range(40):
                queue_mail(
                    db, "livestream_moved", f"lid {number}", "avond", bulk=True, group_id="grote kring"
                )
        with unit_of_work() as db:
            round_ = make_round(db, make_livestream(db, cast.circle, cast.anna, state="ended"))
            coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana], round_id=round_.id)
            announce(db, CoffeeProposed(coffee.id))
            other = make_coffee(db, cast.circle, [cast.chris, cast.dana], state="confirmed")
            announce(db, CoffeeConfirmed(other.id))
    finally:
        app.config["SETTINGS"] = usual
    now = clock.now().replace(second=0, microsecond=0)
    with unit_of_work() as db:
        theirs = select(OutgoingMail).where(OutgoingMail.group_id == cast.circle.id)
        proposed = db.scalars(theirs.where(OutgoingMail.kind == "coffee_proposed")).all()
        assert [mail.planned_at for mail in proposed] == [now, now]
        reminders = db.scalars(theirs.where(OutgoingMail.kind == "coffee_soon")).all()
        assert {mail.planned_at for mail in reminders} == {
            other.starts_at.replace(second=0, microsecond=0) - timedelta(hours=1)
        }
        each_minute = Counter(
            db.scalars(select(OutgoingMail.planned_at).where(OutgoingMail.group_id == "grote kring"))
        )
        in_all = select(func.count(OutgoingMail.id)).group_by(OutgoingMail.planned_at)
        assert max(each_minute.values()) == 6  # three quarters
        assert max(db.scalars(in_all)) <= 8
