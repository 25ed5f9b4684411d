"""Two processes on PostgreSQL end, extend and take back one livestream at the same moment."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.mail.outgoing_mail import OutgoingMail
from events.livestreams.actions.endings import end_by_itself, extend_livestream, undo_end
from events.livestreams.actions.transitions import end_livestream
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream
from events.rounds.models import Round
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.process_race import AT_ONCE, Rivals, acting

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(os.environ.get("TEST_ON") != "postgres", reason="SQLite has one writer"),
]
LATE = timedelta(hours=1, minutes=50)


def evening(cast: Cast, state: str = "live", *, began: timedelta = LATE) -> Livestream:
    with unit_of_work() as db:
        start = clock.now() - began
        made = make_livestream(db, cast.circle, cast.anna, state=state, starts_at=start)
        made.went_live_at = start
        made.ended_at = clock.now() if state == "ended" else None
        return made


def end(db: Session, number: int, livestream_id: str, host_id: str) -> None:
    """The host in one process, the job in the other."""
    livestream = get_livestream(db, livestream_id)
    if number % 2:
        end_livestream(db, acting(db, host_id), livestream)
    else:
        end_by_itself(db, SYSTEM, livestream)


def back_on_air(db: Session, _number: int, livestream_id: str, host_id: str) -> None:
    undo_end(db, acting(db, host_id), get_livestream(db, livestream_id))


def extend_or_end(db: Session, number: int, livestream_id: str, host_id: str) -> None:
    livestream = get_livestream(db, livestream_id)
    if number % 2:
        extend_livestream(db, acting(db, host_id), livestream)
    else:
        end_by_itself(db, SYSTEM, livestream)


def found(livestream: Livestream) -> Livestream:
    with unit_of_work() as db:
        return get_livestream(db, livestream.id)


def test_the_host_and_the_job_end_it_once(rivals: Rivals, cast: Cast) -> None:
    made = evening(cast)
    assert rivals.race(end, made.id, cast.anna.id) == {"done": AT_ONCE}
    assert (found(made).state, found(made).version) == ("ended", made.version + 1)
    with unit_of_work() as db:
        assert db.scalar(select(func.count(Round.id))) == 1
        mails = select(func.count(OutgoingMail.id)).where(OutgoingMail.kind == "livestream_ended_itself")
        assert db.scalar(mails) == int(found(made).ended_itself)


def test_taken_back_in_eight_tabs_it_is_taken_back_once(rivals: Rivals, cast: Cast) -> None:
    made = evening(cast, "ended", began=timedelta(minutes=20))
    assert rivals.race(back_on_air, made.id, cast.anna.id) == {"done": AT_ONCE}
    assert (found(made).state, found(made).version) == ("live", made.version + 1)


def test_more_time_or_the_end_one_of_them_is_true(rivals: Rivals, cast: Cast) -> None:
    made = evening(cast)
    said = rivals.race(extend_or_end, made.id, cast.anna.id)
    now = found(made)
    if now.state == "live":
        assert said == {"done": AT_ONCE}
        assert now.extended_until is not None
    else:
        assert now.ended_at is not None
        assert said["done"] + said["wrong_state"] == AT_ONCE
        assert now.extended_until is None or said["wrong_state"] == 0
