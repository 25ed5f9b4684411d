"""Transactional outbox: each mail is sent once, paced, and safe against hostile names."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.jobs import queue
from events.core.mail import rendering
from events.core.mail.outbox import queue_mail, renders
from events.core.mail.outgoing_mail import OutgoingMail
from events.core.mail.rendering import RenderedMail
from events.core.runtime import runtime
from tests.factories.accounts import make_key
from tests.support.cast import Cast
from tests.support.types import SetClock


@renders("test_letter")
def letter(db: Session, row: OutgoingMail) -> RenderedMail | None:
    return None


def rows() -> list[OutgoingMail]:
    with unit_of_work() as db:
        return list(db.scalars(select(OutgoingMail)))


def test_the_same_mail_is_posted_once() -> None:
    for _ in range(2):
        with unit_of_work() as db:
            queue_mail(db, "test_letter", "person", "subject")
    with unit_of_work() as db:
        queue_mail(db, "test_letter", "person", "subject", sequence=1)
    assert len(rows()) == 2


def test_mails_to_many_are_spread_over_minutes_and_a_mail_to_one_never_waits(
    app: Flask, set_clock: SetClock
) -> None:
    start = set_clock(datetime(2026, 11, 25, 9, 0, 40, tzinfo=UTC))
    usual = app.config["SETTINGS"]
    app.config["SETTINGS"] = usual.model_copy(update={"mail_per_minute": 2})
    try:
        with unit_of_work() as db:
            for number in range(5):
                queue_mail(db, "test_letter", f"person {number}", "news", bulk=True)
            queue_mail(db, "test_letter", "person 0", "a link that was asked for")
        queue.run_due()
        assert [row.state for row in rows()].count("dropped") == 3  # the first two, and the one to one
        set_clock(start + timedelta(seconds=21))
        queue.run_due()
        assert [row.state for row in rows()].count("dropped") == 5
        set_clock(start + timedelta(seconds=81))
        queue.run_due()
        assert [row.state for row in rows()].count("dropped") == 6
    finally:
        app.config["SETTINGS"] = usual


def test_reminders_of_one_evening_are_spread_from_their_own_time_on_and_hold_up_no_news(
    app: Flask, set_clock: SetClock
) -> None:
    set_clock(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    soon = datetime(2026, 11, 27, 19, 40, 30, tzinfo=UTC)
    usual = app.config["SETTINGS"]
    app.config["SETTINGS"] = usual.model_copy(update={"mail_per_minute": 2})
    try:
        for number in range(5):
            with unit_of_work() as db:
                queue_mail(db, "test_letter", f"person {number}", "reminder", at=soon, bulk=True)
        with unit_of_work() as db:
            queue_mail(db, "test_letter", "person 0", "news of today", bulk=True)
            jobs = list(db.scalars(select(queue.Job).order_by(queue.Job.due_at)))
    finally:
        app.config["SETTINGS"] = usual
    minute = timedelta(minutes=1)
    floor = soon.replace(second=0)
    assert [job.due_at for job in jobs] == [
        datetime(2026, 11, 25, 9, 0, tzinfo=UTC), soon, soon,
        floor + minute, floor + minute, floor + 2 * minute,
    ]  # fmt: skip
    assert {job.lane for job in jobs} == {queue.Lane.BULK}


def test_a_mail_to_one_person_has_a_lane_of_its_own() -> None:
    with unit_of_work() as db:
        queue_mail(db, "test_letter", "person", "a link that was asked for")
        assert [job.lane for job in db.scalars(select(queue.Job))] == [queue.Lane.PEOPLE]


def test_a_mail_that_is_no_longer_due_is_dropped() -> None:
    with unit_of_work() as db:
        queue_mail(db, "test_letter", "person", "subject")
    queue.run_due()
    assert [row.state for row in rows()] == ["dropped"]


def test_a_mail_of_a_change_that_failed_never_was() -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work() as db:  # noqa: PT012 - the failure is inside
        queue_mail(db, "test_letter", "person", "subject")
        raise ZeroDivisionError
    assert rows() == []


@pytest.mark.parametrize(
    "name", ['a" <evil@x.test>, "b', "Bram\r\nBcc: evil@x.test", "=?utf-8?q?a=0ABcc=3A?="]
)
def test_a_hostile_name_addresses_nobody_else(name: str) -> None:
    address = rendering._address(name, "bram@example.test")
    assert str(address).count("@") - str(address.display_name).count("@") == 1
    assert "\n" not in str(address)


def test_a_mail_that_was_half_written_is_not_in_the_mailbox(
    app: Flask, cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the process ends meanwhile: a reader found a mail without a name. The next try is whole."""
    whole, before = Path.write_bytes, set(settings.mail_directory.glob("*.eml"))

    def break_off(path: Path, data: bytes) -> int:
        whole(path, data[: len(data) // 2])
        raise OSError("no more")

    with unit_of_work() as db:
        key = make_key(db, cast.bram, "sign_in")
        queue_mail(db, "sign_in_link", cast.bram.id, key.id)
    monkeypatch.setattr(Path, "write_bytes", break_off)
    queue.run_due()
    assert set(settings.mail_directory.glob("*.eml")) == before
    monkeypatch.setattr(Path, "write_bytes", whole)
    runtime.clock = lambda: datetime.now(UTC) + timedelta(minutes=5)
    queue.run_due()
    (mail,) = set(settings.mail_directory.glob("*.eml")) - before
    assert message_from_bytes(mail.read_bytes())["Message-ID"]
