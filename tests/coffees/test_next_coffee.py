"""Tests of the next coffee of the same people: offered times, acceptance, and unnoticeable blocks."""

from datetime import datetime, timedelta

import pytest

from events.accounts.models import User
from events.availability.actions.claims import claim_times
from events.coffees.actions import next_coffee as coffees_again
from events.coffees.actions import responses
from events.coffees.models import Coffee
from events.coffees.queries import coffees, next_coffee
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden
from tests.factories.accounts import make_block
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast
from tests.support.types import OpenPage, Outbox, SetClock

pytestmark = pytest.mark.postgres


@pytest.fixture
def met(cast: Cast, set_clock: SetClock) -> str:
    """Bram and Dana had coffee an hour ago."""
    with unit_of_work() as db:
        start = clock.now() - timedelta(hours=1)
        reasons = [{"code": "offers", "topic": "offertes"}, {"code": "new"}]
        coffee = make_coffee(
            db, cast.circle, [cast.bram, cast.dana], state="met", starts_at=start, reasons=reasons
        )
        coffee.seats[0].took_place = True
        return coffee.id


def times(who: User, coffee_id: str) -> list[datetime]:
    with unit_of_work() as db:
        return next_coffee.following_of(db, person(who), coffees.get_coffee(db, coffee_id)).times


def propose(who: User, coffee_id: str, time: datetime) -> Coffee:
    with unit_of_work() as db:
        return coffees_again.propose_next_coffee(db, person(who), coffees.get_coffee(db, coffee_id), time)


def test_one_tap_proposes_and_one_tap_confirms(cast: Cast, met: str) -> None:
    offered = times(cast.bram, met)
    assert len(offered) == 3
    assert times(cast.dana, met) == offered
    following = propose(cast.bram, met, offered[1])
    assert (following.state, following.follows_id) == ("proposed", met)
    assert [seat.answer for seat in following.seats] == ["yes", "waiting"]
    assert [reason["code"] for reason in following.seats[0].reasons] == ["offers", "followed"]
    assert propose(cast.bram, met, offered[1]).id == following.id
    agreed = propose(cast.dana, met, offered[1])
    assert (agreed.id, agreed.state) == (following.id, "confirmed")


def test_proposing_the_next_coffee_twice_makes_one(cast: Cast, met: str) -> None:
    offered = times(cast.bram, met)
    propose(cast.bram, met, offered[0])
    with pytest.raises(Conflict, match="coffee_planned"):
        propose(cast.dana, met, offered[1])


def test_a_failed_next_coffee_allows_another_proposal(cast: Cast, met: str) -> None:
    following = propose(cast.bram, met, times(cast.bram, met)[0])
    with unit_of_work() as db:
        responses.decline_coffee(db, person(cast.dana), coffees.get_coffee(db, following.id))
    assert len(times(cast.bram, met)) == 3


def test_only_times_at_which_both_are_free_are_offered(cast: Cast, met: str) -> None:
    first = times(cast.bram, met)[0]
    with unit_of_work() as db:
        claim_times(db, SYSTEM, [cast.dana.id], first, 30, "h" * 26)
    assert first not in times(cast.bram, met)
    with pytest.raises(Conflict, match="time_taken"):
        propose(cast.bram, met, first)


def test_a_block_changes_nothing_on_the_blocked_persons_page(
    cast: Cast, met: str, page: OpenPage, outbox: Outbox
) -> None:
    with unit_of_work() as db:
        make_block(db, cast.dana, cast.bram)
    bram, dana = page(cast.bram), page(cast.dana)
    before = dana.main(f"/coffees/{met}")
    offered = times(cast.bram, met)
    assert len(offered) == 3
    assert bram.post(f"/coffees/{met}/again", time=offered[0].isoformat()).status_code == 303
    assert "Proposed:" in bram.main(f"/coffees/{met}")
    assert outbox() == []
    assert dana.main(f"/coffees/{met}") == before
    assert "Coffee with Bram" in dana.main("/coffees")
    assert dana.main("/coffees").count("Coffee with Bram") == 1


def test_a_next_coffee_needs_a_participant_and_a_past_start(cast: Cast, met: str) -> None:
    first = times(cast.bram, met)[0]
    for stranger in (cast.olga, cast.anna, cast.chris):
        with pytest.raises(Forbidden):
            propose(stranger, met, first)
    with unit_of_work() as db:
        ahead = make_coffee(db, cast.circle, [cast.bram, cast.chris], state="confirmed").id
    with pytest.raises(Conflict, match="coffee_not_yet"):
        propose(cast.bram, ahead, first)


def test_the_next_coffee_is_offered_before_and_after_the_outcome(
    cast: Cast, met: str, page: OpenPage, outbox: Outbox
) -> None:
    bram, dana = page(cast.bram), page(cast.dana)
    for path in (f"/coffees/{met}", f"/coffees/{met}/outcome", f"/coffees/{met}/again"):
        assert bram.get(path).text.count('class="time time-tap"') == 3
    first = times(cast.bram, met)[0]
    assert bram.post(f"/coffees/{met}/again", time=first.isoformat()).status_code == 303
    assert "Proposed:" in bram.get(f"/coffees/{met}").text
    assert "Bram suggests" in dana.get(f"/coffees/{met}").text
    asked = [mail["To"].addresses[0].addr_spec for mail in outbox()]
    assert asked == [cast.dana.email]
    assert page(cast.olga).get(f"/coffees/{met}/again").status_code == 404
    assert dana.post(f"/coffees/{met}/again", time=first.isoformat()).status_code == 303
    assert "It's set:" in bram.get(f"/coffees/{met}").text


def test_without_a_wish_to_meet_again_times_show_on_request_only(
    cast: Cast, met: str, page: OpenPage
) -> None:
    bram = page(cast.bram)
    bram.post(f"/coffees/{met}/outcome", took_place="yes", again="no")
    for path in (f"/coffees/{met}", f"/coffees/{met}/outcome"):
        assert 'class="time time-tap"' not in bram.get(path).text
    assert 'class="time time-tap"' in bram.get(f"/coffees/{met}/again").text
    assert 'class="time time-tap"' in page(cast.dana).get(f"/coffees/{met}").text, (
        "the other one hears nothing of it"
    )
