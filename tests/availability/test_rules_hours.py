"""Usual hours in wall time, and free times."""

from datetime import UTC, date, datetime, timedelta

import pytest

from events.accounts.models import User
from events.availability.queries.hours import list_free_times, list_likely_times
from events.availability.rules.hours import WeeklyAvailability, free_starts, within_usual_hours
from events.core.db.session import unit_of_work
from tests.factories.availability import make_claims, make_days_off, make_hours
from tests.support.cast import Cast

pytestmark = pytest.mark.postgres
MONDAY = datetime(2026, 12, 7, tzinfo=UTC)  # an hour later in Amsterdam
NINE_TO_ELEVEN = frozenset({9, 10})  # on Monday


def amsterdam(hour: int, minute: int = 0, *, day: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour - 1, minutes=minute)


def test_a_meeting_fits_when_all_of_it_falls_in_usual_hours() -> None:
    habits = WeeklyAvailability("Europe/Amsterdam", NINE_TO_ELEVEN)
    assert within_usual_hours(habits, amsterdam(9), 30)
    assert within_usual_hours(habits, amsterdam(10, 30), 30)
    assert not within_usual_hours(habits, amsterdam(10, 45), 30)
    assert not within_usual_hours(habits, amsterdam(8, 45), 30)
    assert not within_usual_hours(habits, amsterdam(9, day=1), 30)


def test_days_off_are_by_the_persons_own_calendar() -> None:
    late = WeeklyAvailability("Pacific/Auckland", off=((date(2026, 12, 8), date(2026, 12, 8)),))
    assert not within_usual_hours(
        late, datetime(2026, 12, 7, 12, 0, tzinfo=UTC), 30
    )  # 01:00 on the 8th there
    assert within_usual_hours(late, datetime(2026, 12, 7, 10, 0, tzinfo=UTC), 30)
    assert not within_usual_hours(late, datetime(2026, 12, 7, 10, 45, tzinfo=UTC), 30)  # ends on the day off


def test_margins_separate_a_coffee_from_busy_times() -> None:
    busy = {amsterdam(10), amsterdam(10, 15)}

    def starts(before: int, after: int) -> list[datetime]:
        habits = WeeklyAvailability("Europe/Amsterdam", frozenset({9, 10, 11}), before=before, after=after)
        return list(free_starts(habits, MONDAY, MONDAY + timedelta(days=1), 30, busy=busy))

    assert starts(0, 0) == [
        amsterdam(9),
        amsterdam(9, 30),
        amsterdam(10, 30),
        amsterdam(11),
        amsterdam(11, 30),
    ]
    assert starts(15, 0) == [amsterdam(9), amsterdam(9, 30), amsterdam(11), amsterdam(11, 30)]
    assert starts(0, 15) == [amsterdam(9), amsterdam(10, 30), amsterdam(11), amsterdam(11, 30)]


def test_without_usual_hours_any_time_is_offered(cast: Cast) -> None:
    with unit_of_work() as db:
        make_days_off(db, cast.bram, date(2026, 12, 7))
        assert list_likely_times(db, cast.bram.id, [amsterdam(9)], 30) is None


def test_times_in_usual_hours_are_likely_when_they_are_free(cast: Cast, set_clock: object) -> None:
    starts = [amsterdam(9), amsterdam(10), amsterdam(13), amsterdam(9, day=7)]
    with unit_of_work() as db:
        make_hours(db, cast.bram, NINE_TO_ELEVEN)
        make_claims(db, cast.bram, amsterdam(10))
        make_days_off(db, cast.bram, date(2026, 12, 14))
        assert list_likely_times(db, cast.bram.id, starts, 30) == [amsterdam(9)]
        assert list_likely_times(db, cast.bram.id, [], 30) == []


@pytest.mark.usefixtures("set_clock")
def test_free_times_exclude_claims_days_off_holidays_and_short_notice(cast: Cast) -> None:
    with unit_of_work() as db:
        make_hours(db, cast.bram, NINE_TO_ELEVEN, notice=24)
        make_claims(db, cast.bram, amsterdam(9, 30))
        found = list_free_times(db, cast.bram.id, amsterdam(0), amsterdam(23), 30)
        assert found == [amsterdam(9), amsterdam(10), amsterdam(10, 30)]
        soon = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # Monday 10:00 in Amsterdam
        assert list_free_times(db, cast.bram.id, soon, soon + timedelta(hours=12), 30) == []
        make_days_off(db, cast.bram, date(2026, 12, 7))
        assert list_free_times(db, cast.bram.id, amsterdam(0), amsterdam(23), 30) == []


@pytest.mark.usefixtures("set_clock")
def test_without_usual_hours_a_booking_page_offers_office_hours(cast: Cast) -> None:
    christmas = datetime(2026, 12, 25, tzinfo=UTC)
    with unit_of_work() as db:
        found = list_free_times(db, cast.chris.id, amsterdam(0), amsterdam(23), 60)
        assert (found[0], found[-1], len(found)) == (amsterdam(9), amsterdam(16), 15)
        assert list_free_times(db, cast.chris.id, christmas, christmas + timedelta(days=1), 60) == []
        assert list_free_times(db, cast.chris.id, amsterdam(9), amsterdam(9), 60) == []


@pytest.mark.usefixtures("set_clock")
@pytest.mark.parametrize(("zone", "is_free"), [("Europe/Amsterdam", True), ("America/New_York", False)])
def test_free_times_leave_out_the_holidays_of_the_country_one_lives_in(
    cast: Cast, zone: str, is_free: bool
) -> None:
    thanksgiving = datetime(2026, 11, 26, 6, tzinfo=UTC)
    with unit_of_work() as db:
        db.get_one(User, cast.chris.id).zone = zone
        found = list_free_times(db, cast.chris.id, thanksgiving, thanksgiving + timedelta(days=1), 30)
        assert bool(found) is is_free
        friday = thanksgiving + timedelta(days=1)
        assert list_free_times(db, cast.chris.id, friday, friday + timedelta(days=1), 30)


@pytest.mark.usefixtures("set_clock")
def test_free_times_look_at_most_sixty_days_ahead(cast: Cast) -> None:
    with unit_of_work() as db:
        found = list_free_times(db, cast.chris.id, MONDAY, MONDAY + timedelta(days=3650), 30)
    assert found[-1] < MONDAY + timedelta(days=60)
