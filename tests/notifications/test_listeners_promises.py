"""Mails about promises: on the morning of their day, to the person who promised, once, while open."""

from datetime import UTC, date, datetime, timedelta

import pytest

from events.accounts.models import MailChoice, User
from events.coffees.actions.promises import add_promise, mark_promise
from events.coffees.forms import Promised
from events.coffees.models import Coffee, Promise
from events.core import clock
from events.core.db.session import unit_of_work
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast
from tests.support.mail_assertions import addresses, path_in, text_of
from tests.support.types import OpenPage, Outbox, SetClock

DUE = date(2026, 12, 11)
MORNING = datetime(2026, 12, 11, 7, 0, tzinfo=UTC)  # eight o'clock in Amsterdam


@pytest.fixture
def coffee(cast: Cast, set_clock: SetClock) -> Coffee:
    with unit_of_work() as db:
        return make_coffee(
            db, cast.circle, [cast.bram, cast.dana], state="met", starts_at=clock.now() - timedelta(days=1)
        )


def promise(who: User, coffee: Coffee, due_on: date | None = DUE) -> str:
    with unit_of_work() as db:
        found = db.get_one(Coffee, coffee.id)
        return add_promise(db, person(who), found, Promised(what="een contact", due_on=due_on)).id


def test_a_promise_is_reminded_once_on_its_day(
    cast: Cast, coffee: Coffee, fresh: Outbox, set_clock: SetClock, page: OpenPage
) -> None:
    promise(cast.bram, coffee)
    set_clock(MORNING - timedelta(minutes=1))
    assert fresh() == []
    set_clock(MORNING)
    (mail,) = fresh()
    assert addresses([mail]) == [cast.bram.email]
    assert mail["Subject"] == "Promised to Dana, for today: een contact"
    assert mail["List-Unsubscribe"]
    assert page(None).get(path_in(mail, "/k/")).location.endswith(f"/coffees/{coffee.id}")
    assert "een contact" in text_of(mail)
    promise(cast.bram, coffee)
    set_clock(timedelta(hours=8))
    assert fresh() == []


def test_what_is_done_or_has_another_day_is_not_mentioned(
    cast: Cast, coffee: Coffee, fresh: Outbox, set_clock: SetClock
) -> None:
    promise_id = promise(cast.bram, coffee)
    assert promise(cast.bram, coffee, date(2026, 12, 18)) == promise_id
    set_clock(MORNING)
    assert fresh() == []
    with unit_of_work() as db:
        kept = db.get_one(Promise, promise_id)
        mark_promise(db, person(cast.bram), db.get_one(Coffee, coffee.id), kept, done=True)
    set_clock(MORNING + timedelta(days=7))
    assert fresh() == []


def test_disabled_promise_reminders_are_not_sent(
    cast: Cast, coffee: Coffee, fresh: Outbox, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        db.add(MailChoice(user_id=cast.bram.id, kind="promise_due", created_at=clock.now()))
    promise(cast.bram, coffee)
    promise(cast.dana, coffee)
    set_clock(MORNING)
    assert addresses(fresh()) == [cast.dana.email]


def test_today_keeps_it_until_it_is_done(
    cast: Cast, coffee: Coffee, set_clock: SetClock, page: OpenPage
) -> None:
    promise_id = promise(cast.bram, coffee, None)
    bram = page(cast.bram)
    assert "promised to Dana" in bram.get("/").text
    for other in (cast.dana, cast.anna, cast.olga):
        assert "een contact" not in page(other).get("/").text
    done = bram.post(f"/coffees/{coffee.id}/promises/{promise_id}", done="yes", then="today")
    assert done.location == "/"
    assert "promised to Dana" not in bram.get("/").text
