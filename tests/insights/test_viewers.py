"""Viewers counted by the database: the same as by merging the stays of each person."""

import random
from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta

from events.core.db.session import unit_of_work
from events.insights.queries.viewers import list_names, list_points, select_came_count
from events.insights.rules.figures import moments
from events.livestreams.models import Livestream
from events.presence.queries import list_attendance
from tests.factories.accounts import make_user
from tests.factories.circles import make_member
from tests.factories.livestreams import make_livestream
from tests.factories.presence import make_stay
from tests.support.cast import Cast

EIGHT = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def make_evening(cast: Cast, db) -> Livestream:  # type: ignore[no-untyped-def]
    evening = make_livestream(db, cast.circle, cast.anna, state="replay", starts_at=EIGHT)
    evening.went_live_at, evening.ended_at = EIGHT, EIGHT + HOUR
    return evening


def test_tabs_and_returns_of_a_person_count_once(cast: Cast) -> None:
    """Random stays, on whole minutes so that they touch, against a sum over merged intervals."""
    chance = random.Random(7)  # noqa: S311
    with unit_of_work() as db:
        evening = make_evening(cast, db)
        for number in range(12):
            person = make_user(db, f"Kijker {number}")
            for _stay in range(chance.randint(1, 4)):
                entered = EIGHT + timedelta(minutes=chance.randint(-20, 70))
                seen = entered + timedelta(minutes=chance.randint(0, 40))
                left = chance.choice([None, seen])
                make_stay(db, evening, person, entered_at=entered, seen_at=seen, left_at=left)
    at = moments(EIGHT, EIGHT + HOUR, 61)
    with unit_of_work() as db:
        found = db.get_one(Livestream, evening.id)
        attendance = list_attendance(db, evening.id)
        expected = [0] * len(at)
        for first, last in (stay for stays in attendance.values() for stay in stays):
            for place in range(bisect_left(at, first), bisect_right(at, last)):
                expected[place] += 1
        assert [point.viewers for point in list_points(db, found, at)] == expected
        assert max(expected) > 3
        assert db.scalar(select_came_count(found)) == len(attendance)


def test_host_team_and_desk_are_no_viewers(cast: Cast) -> None:
    with unit_of_work() as db:
        evening = make_evening(cast, db)
        helper = make_user(db, "Hulp")
        make_member(db, cast.circle, helper, role="organiser")
        for person in (cast.anna, helper, cast.bram, cast.olga):
            make_stay(db, evening, person, entered_at=EIGHT, left_at=EIGHT + HOUR)
        make_stay(db, evening, cast.dana, entered_at=EIGHT, left_at=EIGHT + HOUR).desk = True
    with unit_of_work() as db:
        found = db.get_one(Livestream, evening.id)
        points = list_points(db, found, moments(EIGHT, EIGHT + HOUR))
        assert {point.viewers for point in points} == {2}
        assert db.scalar(select_came_count(found)) == 2
        assert list_names(db, found, 1) == ["Bram", "Olga"]
