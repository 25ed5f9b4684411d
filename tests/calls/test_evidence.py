"""Evidence of a call: everyone in it for ten minutes counts as having met, unless somebody says otherwise."""

from datetime import UTC, datetime, timedelta

import pytest

from events.accounts.models import User
from events.calls.rules import together, weighed_at
from events.coffees.actions.outcomes import record_outcome
from events.coffees.forms import Outcome
from events.coffees.models import Coffee
from events.coffees.queries.coffees import get_coffee
from events.coffees.signals import CoffeeConfirmed
from events.core.bus import announce
from events.core.db.session import unit_of_work
from events.core.jobs import queue
from events.insights.queries.report import report_of
from events.livestreams.models import Livestream
from tests.factories.calls import make_call_stay
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast, acting_as
from tests.support.types import SetClock

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


@pytest.mark.parametrize(
    ("presence", "minutes"),
    [
        ([[(at(0), at(30))], [(at(5), at(20))]], 15),
        ([[(at(0), at(6)), (at(10), at(20))], [(at(3), at(15))]], 8),
        ([[(at(0), at(10)), (at(5), at(15))], [(at(0), at(15))]], 15),
        ([[(at(0), at(30))], [(at(0), at(30))], [(at(20), at(30))]], 10),
        ([[(at(0), at(10))], [(at(10), at(20))]], 0),
        ([[(at(0), at(10))], []], 0),
        ([], 0),
    ],
)
def test_only_time_that_all_share_counts(
    presence: list[list[tuple[datetime, datetime]]], minutes: int
) -> None:
    assert together(presence) == timedelta(minutes=minutes)


def a_call(cast: Cast, minutes: int, *, media: bool = True) -> tuple[Coffee, Livestream]:
    """Bram and Dana were in a call for so long."""
    with unit_of_work() as db:
        evening = make_livestream(db, cast.circle, cast.anna, state="ended")
        people = [cast.bram, cast.dana]
        coffee = make_coffee(db, cast.circle, people, state="confirmed", occasion_id=evening.id)
        announce(db, CoffeeConfirmed(coffee.id))
        for epoch, user in enumerate(people, 1):
            stay = make_call_stay(db, coffee, user, epoch=epoch)
            stay.entered_at = coffee.starts_at
            stay.connected_at = coffee.starts_at if media else None
            stay.left_at = coffee.starts_at + timedelta(minutes=minutes)
    return coffee, evening


def weigh(coffee: Coffee, set_clock: SetClock) -> str:
    set_clock(weighed_at(coffee.ends_at) + timedelta(seconds=1))
    queue.run_due()
    with unit_of_work() as db:
        return get_coffee(db, coffee.id).state


def tell(coffee: Coffee, someone: User, took_place: str) -> str:
    with unit_of_work() as db:
        data = Outcome.model_validate({"took_place": took_place})
        return record_outcome(db, person(someone), get_coffee(db, coffee.id), data).state


@pytest.mark.parametrize(
    ("minutes", "media", "state"), [(10, True, "met"), (9, True, "confirmed"), (30, False, "confirmed")]
)
def test_ten_minutes_with_sound_or_picture_are_evidence(
    cast: Cast, set_clock: SetClock, minutes: int, media: bool, state: str
) -> None:
    coffee, _evening = a_call(cast, minutes, media=media)
    assert weigh(coffee, set_clock) == state


def test_a_participants_no_stands_above_the_evidence(cast: Cast, set_clock: SetClock) -> None:
    coffee, _evening = a_call(cast, 20)
    set_clock(coffee.ends_at)
    tell(coffee, cast.bram, "no")
    assert weigh(coffee, set_clock) == "confirmed"
    assert tell(coffee, cast.bram, "yes") == "met"
    assert tell(coffee, cast.bram, "no") == "confirmed"
    assert tell(coffee, cast.dana, "no") == "missed"


def test_the_report_says_how_many_were_told_and_how_many_the_call_shows(
    cast: Cast, set_clock: SetClock
) -> None:
    coffee, evening = a_call(cast, 20)
    weigh(coffee, set_clock)
    with unit_of_work() as db:
        report = report_of(db, acting_as(cast.anna), db.get_one(Livestream, evening.id)).figures.coffees
        assert (report.met, report.by_call) == (1, 1)
    tell(coffee, cast.dana, "yes")
    with unit_of_work() as db:
        report = report_of(db, acting_as(cast.anna), db.get_one(Livestream, evening.id)).figures.coffees
        assert (report.met, report.by_call) == (1, 0)


def test_a_moved_coffee_is_weighed_after_its_new_time_alone(cast: Cast, set_clock: SetClock) -> None:
    coffee, _evening = a_call(cast, 20)
    with unit_of_work() as db:
        get_coffee(db, coffee.id).starts_at += timedelta(days=2)
    assert weigh(coffee, set_clock) == "confirmed"
