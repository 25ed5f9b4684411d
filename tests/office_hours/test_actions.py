"""Tests of office hours: offered by host, speaker and team, taken by members, freed and withdrawn."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.availability.models import Claim
from events.circles.models import Membership
from events.coffees.actions.responses import cancel_coffee
from events.coffees.models import Coffee
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden, Invalid
from events.livestreams.models import Livestream
from events.office_hours import actions, queries
from events.office_hours.forms import NameSpeaker, OfferOfficeHours
from events.office_hours.models import OfficeHour
from events.rounds.models import Exclusion
from tests.factories.accounts import make_block
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.factories.office_hours import make_office_hours, make_speaker
from tests.support.cast import Cast
from tests.support.types import SetClock

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def _now(set_clock: SetClock) -> None:
    """A Monday in November, ten in the morning in Amsterdam."""


@pytest.fixture
def evening(cast: Cast) -> str:
    """Chris hosted it; Anna is the team."""
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.chris, state="ended").id


def offer(evening: str, who: User, count: int = 3, *, first: int = 0, minutes: str = "15") -> int:
    with unit_of_work() as db:
        times = queries.list_times(db, who.id, "Europe/Amsterdam")[first : first + count]
        data = OfferOfficeHours.model_validate({"times": times, "minutes": minutes})
        return actions.offer_hours(db, person(who), db.get_one(Livestream, evening), data)


def hour_ids(evening: str, who: User) -> list[str]:
    with unit_of_work() as db:
        query = select(OfficeHour.id).where(OfficeHour.livestream_id == evening, OfficeHour.user_id == who.id)
        return list(db.scalars(query.order_by(OfficeHour.starts_at)))


def take(evening: str, who: User, hour_id: str) -> Coffee:
    with unit_of_work() as db:
        return actions.take_hour(db, person(who), db.get_one(Livestream, evening), hour_id)


def seen(cast: Cast, evening: str, who: User) -> dict[str, Sequence[str]]:
    """What this person is offered: ids of office hours by the name of who offers."""
    with unit_of_work() as db:
        membership = db.scalar(select(Membership).where(Membership.user_id == who.id))
        panel = queries.panel_of(db, person(who), db.get_one(Livestream, evening), membership)
        if panel is None:
            return {}
        return {one.user.name: [hour.id for hour in one.hours] for one in panel.offers}


def test_host_and_team_offer_and_a_member_takes_one_with_one_press(cast: Cast, evening: str) -> None:
    assert offer(evening, cast.chris) == 3
    assert offer(evening, cast.anna, 2, first=4) == 2
    found = seen(cast, evening, cast.bram)
    assert {name: len(ids) for name, ids in found.items()} == {"Chris": 3, "Anna": 2}
    assert list(found) == ["Chris", "Anna"]  # the host first
    coffee = take(evening, cast.bram, found["Chris"][0])
    assert (coffee.state, coffee.form, coffee.minutes, coffee.round_id) == ("confirmed", "online", 15, None)
    assert {seat.user_id for seat in coffee.seats} == {cast.bram.id, cast.chris.id}
    with unit_of_work() as db:
        assert {claim.user_id for claim in db.scalars(select(Claim))} == {cast.bram.id, cast.chris.id}
    assert take(evening, cast.bram, found["Chris"][0]).id == coffee.id
    assert len(seen(cast, evening, cast.dana)["Chris"]) == 2


def test_a_person_takes_one_place_an_evening(cast: Cast, evening: str) -> None:
    offer(evening, cast.chris)
    offer(evening, cast.anna, 2, first=4)
    take(evening, cast.bram, hour_ids(evening, cast.chris)[0])
    assert seen(cast, evening, cast.bram) == {}
    with pytest.raises(Conflict, match="office_hour_had"):
        take(evening, cast.bram, hour_ids(evening, cast.anna)[0])


@pytest.mark.parametrize(
    "why",
    [
        "blocked by them",
        "blocked by me",
        "excluded",
        "taken",
        "withdrawn",
        "closed",
        "soon",
        "owner busy",
        "busy",
        "own",
    ],
)
def test_what_cannot_be_taken_is_refused_alike(
    cast: Cast, evening: str, set_clock: SetClock, why: str
) -> None:
    offer(evening, cast.chris, 1)
    (hour_id,) = hour_ids(evening, cast.chris)
    taker = cast.bram
    with unit_of_work() as db:
        hour = db.get_one(OfficeHour, hour_id)
        if why == "blocked by them":
            make_block(db, cast.chris, cast.bram)
        elif why == "blocked by me":
            make_block(db, cast.bram, cast.chris)
        elif why == "excluded":
            apart = {"user_id": cast.chris.id, "other_id": cast.bram.id, "why": "competitor"}
            db.add(Exclusion(**apart, created_at=clock.now()))
        elif why == "withdrawn":
            db.delete(hour)
        elif why == "closed":
            hour.closes_at = clock.now()
        elif why == "soon":
            set_clock(hour.starts_at - timedelta(hours=1))
        elif why in {"owner busy", "busy"}:
            busy = cast.chris if why == "owner busy" else cast.bram
            make_coffee(db, cast.circle, [busy, cast.anna], state="confirmed", starts_at=hour.starts_at)
    if why == "taken":
        take(evening, cast.dana, hour_id)
    if why == "own":
        taker = cast.chris
    assert seen(cast, evening, taker) == {}
    with pytest.raises(Conflict) as refused:
        take(evening, taker, hour_id)
    assert refused.value.code == "office_hour_gone"


def test_a_cancelled_one_is_free_for_others(cast: Cast, evening: str) -> None:
    offer(evening, cast.chris, 1)
    (hour_id,) = hour_ids(evening, cast.chris)
    coffee = take(evening, cast.bram, hour_id)
    with unit_of_work() as db:
        cancel_coffee(db, person(cast.bram), db.get_one(Coffee, coffee.id))
    assert seen(cast, evening, cast.dana) == {"Chris": [hour_id]}
    assert take(evening, cast.dana, hour_id).state == "confirmed"


def test_one_that_its_own_person_cancels_is_gone(cast: Cast, evening: str) -> None:
    offer(evening, cast.chris, 1)
    coffee = take(evening, cast.bram, hour_ids(evening, cast.chris)[0])
    with unit_of_work() as db:
        cancel_coffee(db, person(cast.chris), db.get_one(Coffee, coffee.id))
    assert hour_ids(evening, cast.chris) == []


def test_free_ones_are_withdrawn_by_their_own_person(cast: Cast, evening: str) -> None:
    offer(evening, cast.chris, 2)
    first, second = hour_ids(evening, cast.chris)
    take(evening, cast.bram, first)

    def withdraw(who: User, hour_id: str) -> bool:
        with unit_of_work() as db:
            return actions.withdraw_hour(db, person(who), db.get_one(Livestream, evening), hour_id)

    with pytest.raises(Forbidden):
        withdraw(cast.anna, second)
    with pytest.raises(Conflict, match="office_hour_taken"):
        withdraw(cast.chris, first)
    assert withdraw(cast.chris, second)
    assert not withdraw(cast.chris, second)
    assert hour_ids(evening, cast.chris) == [first]


def test_at_most_six_and_only_free_times(cast: Cast, evening: str) -> None:
    assert offer(evening, cast.chris, 6) == 6
    with pytest.raises(Conflict, match="office_hours_full"):
        offer(evening, cast.chris, 1, first=8)
    assert offer(evening, cast.chris, 6) == 6  # the same again
    night = (clock.now() + timedelta(days=2)).replace(hour=1, minute=0, second=0, microsecond=0)
    data = OfferOfficeHours.model_validate({"times": [night]})
    with unit_of_work() as db:
        livestream = db.get_one(Livestream, evening)
        with pytest.raises(Invalid):
            actions.offer_hours(db, person(cast.anna), livestream, data)


def test_nobody_else_offers_and_nothing_long_after(cast: Cast, evening: str, set_clock: SetClock) -> None:
    for who in (cast.bram, cast.olga):
        with pytest.raises(Forbidden):
            offer(evening, who)
    with unit_of_work() as db:
        make_speaker(db, db.get_one(Livestream, evening), cast.bram)
    assert offer(evening, cast.bram) == 3
    set_clock(timedelta(days=15))
    with pytest.raises(Conflict, match="office_hours_over"):
        offer(evening, cast.chris)


def test_an_outsider_takes_none(cast: Cast, evening: str) -> None:
    offer(evening, cast.chris, 1)
    assert seen(cast, evening, cast.olga) == {}
    with pytest.raises(Forbidden):
        take(evening, cast.olga, hour_ids(evening, cast.chris)[0])


@pytest.mark.parametrize("state", ["announced", "live", "cancelled"])
def test_only_once_the_livestream_is_over(cast: Cast, evening: str, state: str) -> None:
    with unit_of_work() as db:
        livestream = db.get_one(Livestream, evening)
        (hour,) = make_office_hours(db, livestream, cast.chris, 1)
        livestream.state = state
    with pytest.raises(Forbidden):
        offer(evening, cast.chris)
    with pytest.raises(Forbidden):
        take(evening, cast.bram, hour.id)
    assert seen(cast, evening, cast.bram) == {}


def test_the_team_names_the_speaker(cast: Cast, evening: str) -> None:
    def name(who: User, typed: str | None) -> bool:
        with unit_of_work() as db:
            data = NameSpeaker(speaker=typed)
            return actions.name_speaker(db, person(who), db.get_one(Livestream, evening), data)

    with pytest.raises(Forbidden):
        name(cast.bram, "Dana")
    with pytest.raises(Invalid):
        name(cast.anna, "Olga")
    assert name(cast.anna, "Dana")
    assert offer(evening, cast.dana) == 3
    with unit_of_work() as db:
        assert queries.find_speaker_id(db, evening) == cast.dana.id
    assert not name(cast.anna, None)
    with unit_of_work() as db:
        assert queries.find_speaker_id(db, evening) is None
