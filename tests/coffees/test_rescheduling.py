"""Tests of new times: who may propose which, what changes, and what stays private."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.accounts.models import User
from events.coffees import rules
from events.coffees.actions import rescheduling, responses
from events.coffees.models import Coffee
from events.coffees.queries import coffees
from events.coffees.queries import common_times as coffees_times
from events.core.bus import pop_announced
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden, Invalid
from tests.factories.availability import make_claims, make_hours
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock

pytestmark = pytest.mark.postgres
START = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)  # the clock of these tests stands at Monday 23 November
OTHER = datetime(2026, 12, 1, 13, 0, tzinfo=UTC)
ZONE = "Europe/Amsterdam"


@pytest.fixture
def coffee_id(cast: Cast, set_clock: SetClock) -> str:
    with unit_of_work() as db:
        return make_coffee(
            db, cast.circle, [cast.bram, cast.dana], starts_at=START, answers={"Dana": "yes"}
        ).id


def propose(who: User, coffee_id: str, moment: datetime, version: int | None = None) -> list[str]:
    with unit_of_work() as db:
        rescheduling.propose_time(db, person(who), coffees.get_coffee(db, coffee_id), moment, version)
        return [type(signal).__name__ for signal in pop_announced(db)]


def read(coffee_id: str) -> Coffee:
    with unit_of_work() as db:
        return coffees.get_coffee(db, coffee_id)


def test_a_new_time_asks_again_and_keeps_the_old_time_as_an_option(
    cast: Cast, page: OpenPage, coffee_id: str
) -> None:
    assert propose(cast.bram, coffee_id, OTHER) == ["CoffeeTimeChosen"]
    coffee = read(coffee_id)
    assert (coffee.starts_at, coffee.state) == (OTHER, "proposed")
    assert [seat.answer for seat in coffee.seats] == ["yes", "waiting"]
    assert coffee.alternatives == [START.isoformat()]
    html = unescape(page(cast.dana).get(f"/coffees/{coffee_id}").text)
    assert "Bram proposes this time" in html
    assert START.isoformat() in html  # Dana may also choose the time there was
    assert propose(cast.bram, coffee_id, OTHER) == []


def test_rescheduling_waits_for_the_partner_and_raises_the_sequence(cast: Cast, set_clock: SetClock) -> None:
    with unit_of_work() as db:
        stood = make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed", starts_at=START).id
    propose(cast.dana, stood, OTHER)
    coffee = read(stood)
    assert (coffee.state, [seat.sequence for seat in coffee.seats]) == ("proposed", [1, 1])
    with unit_of_work() as db:
        responses.accept_coffee(db, person(cast.bram), coffees.get_coffee(db, stood))
        assert [type(one).__name__ for one in pop_announced(db)] == ["CoffeeMoved"]


@pytest.mark.parametrize("moment", [OTHER + timedelta(minutes=7), OTHER + timedelta(seconds=30)])
def test_a_time_starts_on_a_quarter_of_an_hour(cast: Cast, coffee_id: str, moment: datetime) -> None:
    with pytest.raises(Invalid):
        propose(cast.bram, coffee_id, moment)


@pytest.mark.parametrize("gap", [timedelta(hours=-3), timedelta(hours=1), timedelta(days=61)])
def test_a_time_is_neither_too_soon_nor_too_far(
    cast: Cast, coffee_id: str, set_clock: SetClock, gap: timedelta
) -> None:
    now = set_clock(timedelta(0))
    with pytest.raises(Invalid):
        propose(cast.bram, coffee_id, now + gap)
    assert read(coffee_id).starts_at == START


def test_a_proposed_time_reveals_nothing_about_the_partners_week(
    cast: Cast, coffee_id: str, page: OpenPage
) -> None:
    """Busy, outside usual hours or free: the other is asked, and the proposer sees no difference."""
    hours = [OTHER + timedelta(days=day) for day in range(3)]
    with unit_of_work() as db:
        make_claims(db, cast.dana, hours[1])
        make_hours(db, cast.dana, [38, 62])  # two o'clock on Tuesday and on Wednesday, not on Thursday
    bram = page(cast.bram)
    seen = set()
    for version, moment in enumerate(hours, start=1):
        sent = bram.post(f"/coffees/{coffee_id}/new-time", version=str(version), moment=moment.isoformat())
        assert sent.status_code == 303
        card = bram.get(f"/coffees/{coffee_id}").text
        seen.add(tuple(re.findall(r'name="time" value="([^"]+)"', card)))
    assert len(seen) == 1  # nor does the card list which of them would have been free


def test_proposing_a_time_in_ones_own_busy_period_is_refused(
    cast: Cast, coffee_id: str, page: OpenPage
) -> None:
    with unit_of_work() as db:
        make_claims(db, cast.bram, OTHER)
    answer = page(cast.bram).post(f"/coffees/{coffee_id}/new-time", version="1", moment=OTHER.isoformat())
    assert answer.status_code == 422
    assert "You have something else at that moment yourself." in answer.text


def test_only_common_times_are_shown(cast: Cast, coffee_id: str, page: OpenPage, set_clock: SetClock) -> None:
    with unit_of_work() as db:
        for user, hours in ((cast.bram, [33, 34, 35]), (cast.dana, [34, 35, 36])):
            make_hours(db, user, hours)
        times = coffees_times.list_offered_times(db, cast.bram.id, [cast.dana.id], 30)
    assert times
    # Tuesdays from 10:00 to 12:00: what both told.
    assert {(time.weekday(), time.hour) for time in times} <= {(1, 9), (1, 10)}
    html = page(cast.bram).get(f"/coffees/{coffee_id}/new-time").text
    assert times[0].isoformat() in html


def test_an_outsider_proposes_nothing(cast: Cast, coffee_id: str, page: OpenPage) -> None:
    with pytest.raises(Forbidden):
        propose(cast.olga, coffee_id, OTHER)
    assert page(cast.olga).get(f"/coffees/{coffee_id}/new-time").status_code == 404


def test_a_day_and_an_hour_are_parsed_in_the_readers_zone(cast: Cast, coffee_id: str, page: OpenPage) -> None:
    bram = page(cast.bram)
    sent = bram.post(f"/coffees/{coffee_id}/new-time", version="1", day="2026-12-01", hour="14:00")
    assert sent.status_code == 303
    assert read(coffee_id).starts_at == OTHER
    stale = bram.post(f"/coffees/{coffee_id}/new-time", version="1", day="2026-12-02", hour="14:00")
    assert stale.status_code == 422
    empty = bram.post(f"/coffees/{coffee_id}/new-time", version="2", day="2026-12-02")
    assert empty.status_code == 422
    assert 'value="2026-12-02"' in empty.text


def test_a_time_taken_by_another_coffee_is_refused_at_acceptance(cast: Cast, coffee_id: str) -> None:
    propose(cast.bram, coffee_id, OTHER)
    with unit_of_work() as db:
        make_claims(db, cast.bram, OTHER)
    with pytest.raises(Conflict, match="time_taken"), unit_of_work() as db:
        responses.accept_coffee(db, person(cast.dana), coffees.get_coffee(db, coffee_id))


@given(
    offsets=st.sets(st.integers(0, 21 * 48 - 1), max_size=120),
    count=st.integers(1, 8),
)
def test_offered_times_are_spread_over_the_days(offsets: set[int], count: int) -> None:
    times = [START + timedelta(minutes=30 * number) for number in offsets]
    few = rules.spread_over_days(times, ZONE, count)
    days = [local_day(time) for time in few]
    assert few == sorted(set(few))
    assert set(few) <= set(times)
    assert len(few) == min(count, len(times))
    if len(set(days)) < len(days):  # two on one day only once every day gave one
        assert set(days) == {local_day(time) for time in times}


def local_day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(ZONE)).date()
