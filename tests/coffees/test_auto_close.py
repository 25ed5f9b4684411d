"""Tests of coffees without a reported outcome: closed after a week, still reportable."""

from datetime import timedelta
from html import unescape

import pytest

from events.accounts.models import User
from events.coffees import jobs
from events.coffees.actions import auto_close, outcomes
from events.coffees.forms import Outcome
from events.coffees.models import Coffee
from events.coffees.queries import coffees
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.errors import Forbidden
from events.livestreams.models import Livestream
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock

pytestmark = pytest.mark.postgres


@pytest.fixture
def coffee_id(cast: Cast, set_clock: SetClock) -> str:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, title="Loslaten", state="ended")
        people = [cast.bram, cast.dana]
        return make_coffee(db, cast.circle, people, state="confirmed", occasion_id=livestream.id).id


def read(coffee_id: str) -> Coffee:
    with unit_of_work() as db:
        return coffees.get_coffee(db, coffee_id)


def tell(who: User, coffee_id: str, took_place: str) -> None:
    with unit_of_work() as db:
        outcome = Outcome(took_place=took_place)
        outcomes.record_outcome(db, person(who), coffees.get_coffee(db, coffee_id), outcome)


def test_a_coffee_closes_automatically_a_week_after_its_end(
    cast: Cast, coffee_id: str, set_clock: SetClock, page: OpenPage
) -> None:
    set_clock(read(coffee_id).ends_at + timedelta(days=7) - timedelta(minutes=1))
    jobs.close_unreported()
    assert not read(coffee_id).is_unreported
    assert "How was it?" in page(cast.bram).get("/coffees").text
    set_clock(timedelta(minutes=1))
    jobs.close_unreported()
    closed = read(coffee_id)
    assert (closed.state, closed.is_unreported) == ("confirmed", True)
    jobs.close_unreported()
    assert read(coffee_id).closed_at == closed.closed_at
    shelf = page(cast.bram).get("/coffees").text
    assert "How was it?" not in shelf
    assert "Unknown" in shelf
    assert "was never told" in page(cast.bram).get(f"/coffees/{coffee_id}").text


def test_a_late_outcome_still_counts(cast: Cast, coffee_id: str, set_clock: SetClock) -> None:
    set_clock(read(coffee_id).ends_at + timedelta(days=8))
    jobs.close_unreported()
    tell(cast.bram, coffee_id, "yes")
    assert (read(coffee_id).state, read(coffee_id).is_unreported) == ("met", False)


def test_contradicting_reports_leave_the_outcome_unknown(
    cast: Cast, coffee_id: str, set_clock: SetClock
) -> None:
    set_clock(read(coffee_id).ends_at + timedelta(hours=1))
    tell(cast.bram, coffee_id, "yes")
    tell(cast.dana, coffee_id, "no")
    set_clock(timedelta(days=8))
    jobs.close_unreported()
    assert read(coffee_id).is_unreported


def test_the_report_counts_an_unknown_outcome_as_neither(
    cast: Cast, coffee_id: str, set_clock: SetClock, page: OpenPage
) -> None:
    set_clock(read(coffee_id).ends_at + timedelta(days=8))
    jobs.close_unreported()
    with unit_of_work() as db:
        slug = coffees.get_coffee(db, coffee_id).occasion_id
        livestream = db.get_one(Livestream, slug)
    html = unescape(page(cast.anna).get(f"/livestreams/{livestream.slug}/report").text)
    assert "Nobody said whether one coffee took place. It counts as neither." in html
    assert "unknown" in html


def test_only_system_closes_a_coffee(cast: Cast, coffee_id: str, set_clock: SetClock) -> None:
    set_clock(read(coffee_id).ends_at + timedelta(days=8))
    with pytest.raises(Forbidden), unit_of_work() as db:
        auto_close.close_unreported(db, person(cast.bram), coffees.get_coffee(db, coffee_id))
    with unit_of_work() as db:
        assert auto_close.close_unreported(db, SYSTEM, coffees.get_coffee(db, coffee_id))
