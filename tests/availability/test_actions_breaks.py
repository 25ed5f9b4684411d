"""Breaks of a circle: edited by organisers and skipped by the times of new rounds."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from events.availability.models import CircleBreak
from events.availability.queries.breaks import closed_days
from events.availability.rules.slots import offer_times
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.rounds.actions.lifecycle import open_round
from tests.factories.availability import make_break
from tests.factories.circles import make_circle
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.types import OpenPage

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("set_clock")]
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def days_of(times: list[datetime]) -> list[date]:
    return sorted({time.astimezone(AMSTERDAM).date() for time in times})


def test_a_break_extends_the_fortnight_of_a_round() -> None:
    published = datetime(2026, 7, 10, 10, 0, tzinfo=UTC)  # Friday
    summer = {date(2026, 7, 13) + timedelta(days=gap) for gap in range(42)}  # to Sunday 23 August
    times = offer_times(published, AMSTERDAM, closed=summer)
    assert len(times) == 8
    assert summer.isdisjoint(days_of(times))
    assert days_of(times)[0] == date(2026, 8, 24)
    assert days_of(times)[-1] <= date(2026, 9, 4)
    assert offer_times(published, AMSTERDAM, closed=frozenset()) == offer_times(published, AMSTERDAM)


def test_a_break_without_end_offers_nothing() -> None:
    published = datetime(2026, 7, 10, 10, 0, tzinfo=UTC)
    ever = {date(2026, 7, 10) + timedelta(days=gap) for gap in range(400)}
    assert offer_times(published, AMSTERDAM, closed=ever) == []


def test_a_round_offers_no_times_in_the_break_of_its_circle(cast: Cast) -> None:
    with unit_of_work() as db:
        make_break(db, cast.circle, date(2026, 12, 1), date(2027, 1, 3))
        make_break(db, make_circle(db, owner=cast.olga, name="Elders"), date(2027, 1, 4), date(2027, 3, 1))
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        round_ = open_round(db, SYSTEM, livestream)
        days = days_of([datetime.fromisoformat(text) for text in round_.times])
    assert len(round_.times) == 8
    assert date(2027, 1, 4) <= days[0] < days[-1] < date(2027, 1, 19)


def test_closed_days_are_the_circles_own_from_the_start_on(cast: Cast) -> None:
    start = datetime(2026, 12, 5, 23, 30, tzinfo=UTC)  # the 6th in Amsterdam (UTC+1)
    with unit_of_work() as db:
        make_break(db, cast.circle, date(2026, 12, 1), date(2026, 12, 7))
        make_break(db, cast.circle, date(2026, 11, 1), date(2026, 11, 30))
        assert closed_days(db, cast.circle, start) == {date(2026, 12, 6), date(2026, 12, 7)}


def test_organisers_add_a_break_once_and_remove_it(page: OpenPage, cast: Cast) -> None:
    path = f"/circles/{cast.circle.slug}/breaks"
    anna = page(cast.anna)
    for _twice in range(2):
        assert anna.post(path, first_day="2026-12-21", last_day="2027-01-03").status_code == 303
    with unit_of_work() as db:
        (kept,) = db.query(CircleBreak).all()
    assert "Mon 21 Dec – Sun 3 Jan 2027" in anna.get(path).text
    for stranger in (cast.bram, cast.olga):
        assert page(stranger).get(path).status_code == 404
        assert page(stranger).post(f"{path}/{kept.id}/remove").status_code == 404
    assert anna.post(f"{path}/{kept.id}/remove").status_code == 303
    with unit_of_work() as db:
        assert db.query(CircleBreak).count() == 0


def test_a_break_of_another_circle_cannot_be_removed(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        other = make_circle(db, owner=cast.olga, name="Elders")
        kept = make_break(db, cast.circle, date(2026, 12, 21))
    assert page(cast.olga).post(f"/circles/{other.slug}/breaks/{kept.id}/remove").status_code == 404
    with unit_of_work() as db:
        assert db.query(CircleBreak).count() == 1


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [("2026-12-07", "2026-12-06", "last_day"), ("2026-11-01", "2026-11-20", "first_day")],
)
def test_an_invalid_break_is_refused(page: OpenPage, cast: Cast, first: str, last: str, field: str) -> None:
    answer = page(cast.anna).post(f"/circles/{cast.circle.slug}/breaks", first_day=first, last_day=last)
    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text
