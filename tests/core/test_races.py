"""Two presses at once: on PostgreSQL, from threads with transactions of their own."""

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.accounts.actions import profile
from events.accounts.models import Block, MailChoice, User
from events.accounts.rules import MAIL_KINDS
from events.availability import forms as availability_forms
from events.availability.actions import add_calendar, add_days_off, calendars, hours
from events.availability.models import BusyCalendar, DayOff
from events.core import clock
from events.core.db import Base, unit_of_work
from events.core.errors import Refused
from events.matching.actions import apart
from events.matching.forms import KeepApart
from events.matching.models import Apart
from tests.cast import Cast
from tests.factories.coffees import person

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(os.environ.get("TEST_ON") != "postgres", reason="SQLite has one writer"),
]
AT_ONCE = 8


def at_once(app: Flask, act: Callable[[Session, int], object]) -> Counter[str]:
    """What each of the threads got: "done", the code of a refusal, or the name of an error."""
    together = Barrier(AT_ONCE)

    def press(number: int) -> str:
        with app.app_context():
            try:
                with unit_of_work() as db:
                    db.execute(select(1))  # the connection is there
                    together.wait(20)
                    act(db, number)
            except Refused as refused:
                return refused.code
            except Exception as error:
                return type(error).__name__
            return "done"

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return Counter(threads.map(press, range(AT_ONCE)))


def count(kind: type[Base]) -> int:
    with unit_of_work() as db:
        return db.scalar(select(func.count()).select_from(kind)) or 0


def test_calendars_added_at_once_stay_within_their_number(app: Flask, cast: Cast) -> None:
    def add(db: Session, number: int) -> None:
        form = availability_forms.AddCalendar(address=f"https://calendar.example/{number}.ics")
        add_calendar(db, person(cast.bram), form)

    said = at_once(app, add)
    most = calendars.MOST_CALENDARS
    assert said == {"done": most, "too_many_calendars": AT_ONCE - most}
    assert count(BusyCalendar) == most


def test_days_off_added_at_once_stay_within_their_number(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hours, "MOST_DAYS_OFF", 3)
    first = clock.now().date() + timedelta(days=10)

    def add(db: Session, number: int) -> None:
        day: date = first + timedelta(days=number)
        add_days_off(db, person(cast.bram), availability_forms.DaysOff(first_day=day, last_day=day))

    assert at_once(app, add) == {"done": 3, "too_many_days_off": AT_ONCE - 3}
    assert count(DayOff) == 3


def test_the_same_days_off_at_once_are_kept_once(app: Flask, cast: Cast) -> None:
    day = clock.now().date() + timedelta(days=10)
    form = availability_forms.DaysOff(first_day=day, last_day=day)
    assert at_once(app, lambda db, _: add_days_off(db, person(cast.bram), form)) == {"done": AT_ONCE}
    assert count(DayOff) == 1


def test_people_kept_apart_at_once_stay_within_their_number(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "MOST_APART", 3)

    def declare(db: Session, number: int) -> None:
        apart.keep_apart(db, person(cast.bram), cast.circle, KeepApart(company=f"Firm {number}"))

    assert at_once(app, declare) == {"done": 3, "too_many_apart": AT_ONCE - 3}
    assert count(Apart) == 3


def test_block_pressed_at_once_blocks_once_and_fails_nobody(app: Flask, cast: Cast) -> None:
    press = at_once(app, lambda db, _: profile.block_person(db, person(cast.bram), cast.dana.id))
    assert press == {"done": AT_ONCE}
    assert count(Block) == 1


def test_a_kind_of_mail_switched_off_at_once_is_off(app: Flask, cast: Cast) -> None:
    kind = sorted(MAIL_KINDS)[0]

    def switch(db: Session, _number: int) -> None:
        profile.switch_mail(db, person(cast.bram), cast.bram.id, kind, on=False)

    assert at_once(app, switch) == {"done": AT_ONCE}
    assert count(MailChoice) == 1


def test_one_person_waits_for_nobody_else(app: Flask, cast: Cast) -> None:
    """The lock is of the owner: eight others do the same thing side by side."""
    people: list[User] = [cast.anna, cast.bram, cast.chris, cast.dana] * 2

    def add(db: Session, number: int) -> None:
        form = availability_forms.AddCalendar(address=f"https://calendar.example/{number}.ics")
        add_calendar(db, person(people[number]), form)

    assert at_once(app, add) == {"done": AT_ONCE}
