"""Attendance merged over tabs, and viewer counts."""

from datetime import timedelta

from events.core import clock
from events.core.db.session import unit_of_work
from events.presence.queries import count_all_watching, list_attendance
from tests.factories.presence import make_stay
from tests.factories.stage import make_evening
from tests.support.cast import Cast


def test_attendance_merges_tabs_and_keeps_people_apart(cast: Cast) -> None:
    start = clock.now() - timedelta(hours=1)
    minutes = [start + timedelta(minutes=10 * step) for step in range(6)]
    with unit_of_work() as db:
        livestream = make_evening(db, cast)
        make_stay(db, livestream, cast.bram, entered_at=minutes[0], left_at=minutes[2])
        make_stay(db, livestream, cast.bram, entered_at=minutes[1], left_at=minutes[3])
        make_stay(db, livestream, cast.bram, entered_at=minutes[4], left_at=minutes[5])
        make_stay(db, livestream, cast.chris, entered_at=minutes[0], left_at=minutes[1])
        attendance = list_attendance(db, livestream.id)
    assert attendance == {
        cast.bram.id: [(minutes[0], minutes[3]), (minutes[4], minutes[5])],
        cast.chris.id: [(minutes[0], minutes[1])],
    }


def test_another_livestream_does_not_count(cast: Cast) -> None:
    with unit_of_work() as db:
        one, other = make_evening(db, cast), make_evening(db, cast)
        make_stay(db, other, cast.bram, left_at=clock.now() + timedelta(minutes=1))
        assert list_attendance(db, one.id) == {}


def test_bulk_counts_equal_single_counts(cast: Cast) -> None:
    with unit_of_work() as db:
        busy, empty, over = make_evening(db, cast), make_evening(db, cast), make_evening(db, cast)
        over.state = "ended"
        for person in (cast.bram, cast.bram, cast.chris):
            make_stay(db, busy, person)
        make_stay(db, over, cast.dana)
        assert count_all_watching(db) == {busy.slug: 2, empty.slug: 0}
