"""Mails about a livestream that nobody wrapped up, that ended by itself, or that nobody started."""

from datetime import UTC, datetime, timedelta

import pytest

from events.core.db.session import unit_of_work
from events.livestreams import jobs
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream
from tests.factories.circles import make_member
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.mail_assertions import addresses, html_of, mails_to, text_of
from tests.support.types import OpenPage, Outbox, SetClock

pytestmark = pytest.mark.postgres
START = datetime(2026, 12, 3, 19, tzinfo=UTC)  # 20:00 in Amsterdam, an hour long
END = START + timedelta(hours=1)


@pytest.fixture
def evening(cast: Cast, set_clock: SetClock) -> Livestream:
    """Bram hosts it; Anna organises."""
    set_clock(START)
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.bram, state="lobby", starts_at=START)


def start(page: OpenPage, cast: Cast, evening: Livestream) -> None:
    assert page(cast.bram).post(f"/livestreams/{evening.slug}/start").status_code == 303


def test_the_host_is_asked_once_ten_minutes_after_the_planned_end(
    cast: Cast, page: OpenPage, set_clock: SetClock, evening: Livestream, fresh: Outbox
) -> None:
    start(page, cast, evening)
    set_clock(END + timedelta(minutes=9))
    assert fresh() == []
    set_clock(END + timedelta(minutes=10))
    (mail,) = fresh()
    assert addresses([mail]) == [cast.bram.email]
    assert mail["Subject"] == "‘Offertes die een ja krijgen’ is still live: is it over?"
    assert "planned at 21:00" in text_of(mail)
    assert "21:45" in text_of(mail)
    assert "21:45" in html_of(mail)
    assert f"/livestreams/{evening.slug}/desk" in text_of(mail)
    assert "List-Unsubscribe" in mail
    set_clock(END + timedelta(minutes=40))
    assert fresh() == []


@pytest.mark.parametrize("act", ["end", "extend", "cancel"])
def test_what_was_settled_is_not_asked(
    cast: Cast, page: OpenPage, set_clock: SetClock, evening: Livestream, fresh: Outbox, act: str
) -> None:
    start(page, cast, evening)
    set_clock(END + timedelta(minutes=5))
    page(cast.bram).post(f"/livestreams/{evening.slug}/{act}")
    fresh()
    set_clock(END + timedelta(minutes=10))
    assert [mail for mail in fresh() if "still live" in mail["Subject"]] == []


def test_the_host_hears_that_it_ended_by_itself_and_how_to_take_it_back(
    cast: Cast, page: OpenPage, set_clock: SetClock, evening: Livestream, fresh: Outbox
) -> None:
    start(page, cast, evening)
    set_clock(END + timedelta(minutes=45))
    jobs.follow_up_plans()
    mails = mails_to(fresh(), cast.bram)
    (mail,) = [one for one in mails if "ended by itself" in one["Subject"]]
    assert "Until 22:00 you can take the end back" in text_of(mail)
    with unit_of_work() as db:
        assert get_livestream(db, evening.id).state == "ended"


def test_one_that_the_host_ended_says_nothing_of_itself(
    cast: Cast, page: OpenPage, evening: Livestream, fresh: Outbox
) -> None:
    start(page, cast, evening)
    page(cast.bram).post(f"/livestreams/{evening.slug}/end")
    assert [mail for mail in fresh() if "by itself" in mail["Subject"]] == []


def test_host_and_team_are_asked_what_became_of_what_nobody_started(
    cast: Cast, set_clock: SetClock, evening: Livestream, fresh: Outbox
) -> None:
    with unit_of_work() as db:
        make_member(db, cast.circle, cast.olga, role="organiser")
    set_clock(END + timedelta(minutes=45))
    jobs.follow_up_plans()
    jobs.follow_up_plans()
    sent = fresh()
    assert addresses(sent) == sorted([cast.anna.email, cast.bram.email, cast.olga.email])
    assert {mail["Subject"] for mail in sent} == {"Did ‘Offertes die een ja krijgen’ take place?"}
    assert "held elsewhere" in text_of(sent[0])


def test_who_switched_it_off_gets_none(
    cast: Cast, page: OpenPage, set_clock: SetClock, evening: Livestream, fresh: Outbox
) -> None:
    kinds = page(cast.bram).get("/me/mails").text
    assert "livestream_nudge" in kinds
    page(cast.bram).post("/me/mails", kinds=["livestream_announced"])
    set_clock(END + timedelta(minutes=45))
    jobs.follow_up_plans()
    assert addresses(fresh()) == [cast.anna.email]


def test_the_circle_is_asked_once_after_the_end_that_stays(
    cast: Cast, page: OpenPage, set_clock: SetClock, evening: Livestream, fresh: Outbox
) -> None:
    start(page, cast, evening)
    page(cast.bram).post(f"/livestreams/{evening.slug}/end")
    set_clock(timedelta(minutes=14))
    page(cast.bram).post(f"/livestreams/{evening.slug}/undo_end")
    set_clock(timedelta(hours=1))
    assert [mail for mail in fresh() if "coffee" in mail["Subject"].lower()] == []
    page(cast.bram).post(f"/livestreams/{evening.slug}/end")
    asked: list[str] = []
    for _ in range(3):
        set_clock(timedelta(hours=9))  # mails that can wait do not leave at night
        asked += [
            mail["To"].addresses[0].addr_spec for mail in fresh() if "coffee" in mail["Subject"].lower()
        ]
    assert sorted(asked) == sorted(one.email for one in (cast.anna, cast.bram, cast.chris, cast.dana))
