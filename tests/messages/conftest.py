"""Fixtures of messages: an evening with one of each kind of person, and mails since one last looked."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from events.accounts.models import User
from events.circles.models import CircleBan
from events.core import clock
from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from tests.factories.accounts import make_user
from tests.factories.livestreams import make_livestream
from tests.factories.presence import make_stay
from tests.factories.registrations import make_registration
from tests.notifications.conftest import fresh
from tests.replies.conftest import imap_port, mailbox
from tests.support.cast import Cast
from tests.support.types import SetClock

__all__ = ["fresh", "imap_port", "mailbox"]


@pytest.fixture(autouse=True)
def _by_day(app: Flask, set_clock: SetClock) -> None:
    """At night messages wait for the morning."""
    set_clock(datetime(2026, 12, 1, 11, tzinfo=UTC))


@dataclass(frozen=True)
class Evening:
    """Bram came, Dana missed it, Chris did not register; a guest came, one banned is still registered."""

    livestream: Livestream
    guest: User
    banned: User


@pytest.fixture
def evening(cast: Cast) -> Evening:
    """It has ended."""
    with unit_of_work() as db:
        livestream = make_livestream(
            db, cast.circle, cast.anna, state="ended", audience="public", starts_at=clock.now()
        )
        guest, banned = make_user(db, "Gast"), make_user(db, "Buiten")
        for person in (cast.bram, cast.dana, guest, banned):
            make_registration(db, livestream, person, guest=person in (guest, banned))
        for person in (cast.bram, guest, cast.olga):
            began = clock.now() - timedelta(minutes=5)
            make_stay(db, livestream, person, entered_at=began, left_at=clock.now())
        db.add(CircleBan(circle_id=cast.circle.id, user_id=banned.id, created_at=clock.now()))
        return Evening(livestream, guest, banned)
