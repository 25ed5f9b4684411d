"""Tests of offered times: one small set, however the asker's own week changes."""

from datetime import UTC, datetime, timedelta

import pytest

from events.availability.models import WeeklyHours
from events.availability.queries.hours import list_free_times
from events.bookings.queries import booking_page as coffees_booking
from events.coffees.models import Coffee
from events.coffees.queries import common_times as coffees_times
from events.coffees.queries import next_coffee
from events.coffees.queries.common_times import MAX_OFFERED
from events.core import clock, rate_limits
from events.core.db.session import unit_of_work
from events.core.errors import TooMany
from tests.factories.availability import make_claims, make_hours
from tests.factories.coffees import make_booking_page, make_coffee, person
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock

WEEK = timedelta(days=21)
HOURS_OF_A_WEEK = range(168)


def asked_through(cast: Cast, door: str) -> set[datetime]:
    """Times offered to Bram with Dana, through one of the entry points."""
    with unit_of_work() as db:
        bram = person(cast.bram)
        if door == "invite":
            return set(
                coffees_times.list_offered_times(db, bram.id, [cast.dana.id], 30, notice=timedelta(days=2))
            )
        if door == "booking":
            booking = coffees_booking.get_booking(db, bram, "dana")
            return set(coffees_booking.list_open_times(db, bram, booking, 30))
        coffee = db.query(Coffee).one()
        if door == "new time":
            return set(
                coffees_times.list_offered_times(
                    db, bram.id, coffees_times.participant_ids(coffee), coffee.minutes
                )
            )
        found = next_coffee.list_next_times(db, coffee)
        return set(found)


@pytest.fixture
def met(cast: Cast, set_clock: SetClock) -> Coffee:
    with unit_of_work() as db:
        yesterday = clock.now() - timedelta(days=1)
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], state="met", starts_at=yesterday)


@pytest.mark.parametrize(
    ("door", "most"), [("invite", MAX_OFFERED), ("new time", MAX_OFFERED), ("next", MAX_OFFERED)]
)
def test_paging_through_weeks_reveals_one_small_set_of_times(
    cast: Cast, met: Coffee, door: str, most: int
) -> None:
    """All 168 own hours, one at a time: the union equals the answer to one request."""
    seen: set[datetime] = set()
    with unit_of_work() as db:
        make_hours(db, cast.bram, [0])
    for hour in HOURS_OF_A_WEEK:
        with unit_of_work() as db:
            db.get_one(WeeklyHours, cast.bram.id).hours = sorted({hour, (hour + 1) % 168})
        seen |= asked_through(cast, door)
    assert 0 < len(seen) <= most
    with unit_of_work() as db:
        free = list_free_times(db, cast.dana.id, clock.now(), clock.now() + WEEK, 30)
    assert len(free) > 10 * len(seen)


def test_being_busy_at_all_offered_times_reveals_no_others(cast: Cast, met: Coffee) -> None:
    with unit_of_work() as db:
        make_booking_page(db, cast.dana)
    for door in ("invite", "booking"):
        offered = asked_through(cast, door)
        with unit_of_work() as db:
            for start in offered:
                make_claims(db, cast.bram, start, minutes=15)
        assert asked_through(cast, door) - offered == set()


def test_every_reader_is_offered_times_from_the_same_set(cast: Cast, set_clock: SetClock) -> None:
    """Several accounts learn no more than one."""
    with unit_of_work() as db:
        sets = [
            coffees_times.list_offered_times(db, one.id, [cast.dana.id], 30)
            for one in (cast.bram, cast.chris, cast.anna)
        ]
    assert sets[0] == sets[1] == sets[2]


def test_the_offered_set_is_stable_for_a_day(cast: Cast, set_clock: SetClock) -> None:
    set_clock(datetime(2026, 11, 24, 6, 0, tzinfo=UTC))
    with unit_of_work() as db:
        early = coffees_times.list_offered_times(
            db, cast.bram.id, [cast.dana.id], 30, notice=timedelta(days=2)
        )
    set_clock(datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
    with unit_of_work() as db:
        late = coffees_times.list_offered_times(
            db, cast.bram.id, [cast.dana.id], 30, notice=timedelta(days=2)
        )
    assert len(set(early) ^ set(late)) <= 4  # but for the edges of what is looked at


def test_every_refused_time_reads_the_same(cast: Cast, page: OpenPage, set_clock: SetClock) -> None:
    path = f"/circles/{cast.circle.slug}/members/{cast.dana.id}/coffee"
    offered = sorted(asked_through(cast, "invite"))
    with unit_of_work() as db:
        free = list_free_times(db, cast.dana.id, clock.now() + timedelta(days=2), clock.now() + WEEK, 45)
        make_claims(db, cast.dana, free[-1])
    not_offered = next(one for one in free if one not in offered)
    for times in ([*offered[:2], not_offered], [*offered[:2], free[-1]], offered[:1]):
        texts = [one.isoformat() for one in times]
        refused = page(cast.bram).post(path, times=texts, form="online", minutes="30")
        assert refused.status_code == 422
        assert "Choose at least three of the times that are shown now." in refused.text


def test_lookups_of_other_peoples_times_are_limited_per_day(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    rate_limits.configure(None, enabled=True)
    try:
        for number in range(40):
            rate_limits.hit_distinct("looks", cast.bram.id, f"person {number}", "40 per day")
            rate_limits.hit_distinct("looks", cast.bram.id, f"person {number}", "40 per day")
        with pytest.raises(TooMany):
            rate_limits.hit_distinct("looks", cast.bram.id, "one more", "40 per day")
    finally:
        rate_limits.configure(None, enabled=False)
