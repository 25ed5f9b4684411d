"""Claims: each quarter once, to one holder, for all people or none."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from events.availability.actions.claims import claim_times, release_claims
from events.availability.models import Claim
from events.availability.queries.claims import busy_quarters, list_free, overlaps
from events.core.auth.actor import SYSTEM, VISITOR
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden
from events.core.ids import new_id
from tests.factories.coffees import person
from tests.support.cast import Cast

pytestmark = pytest.mark.postgres
START = datetime(2026, 12, 4, 9, 30, tzinfo=UTC)


def test_a_claim_takes_the_quarters_of_all_its_people(cast: Cast) -> None:
    people = [cast.bram.id, cast.dana.id]
    with unit_of_work() as db:
        claim_times(db, SYSTEM, people, START, 30, new_id())
    with unit_of_work() as db:
        busy = busy_quarters(
            db, [*people, cast.chris.id], START - timedelta(hours=1), START + timedelta(hours=1)
        )
    assert busy[cast.bram.id] == busy[cast.dana.id] == {START, START + timedelta(minutes=15)}
    assert busy[cast.chris.id] == set()


def test_an_overlapping_claim_is_refused_and_leaves_nothing_behind(cast: Cast) -> None:
    with unit_of_work() as db:
        claim_times(db, SYSTEM, [cast.bram.id, cast.dana.id], START, 30, new_id())
    second = new_id()
    with unit_of_work() as db, pytest.raises(Conflict, match="time_taken"):
        claim_times(db, SYSTEM, [cast.chris.id, cast.dana.id], START + timedelta(minutes=15), 30, second)
    with unit_of_work() as db:
        assert db.scalars(select(Claim).where(Claim.holder_id == second)).all() == []
        assert overlaps(db, [cast.dana.id], START + timedelta(minutes=20), 15)
        assert not overlaps(db, [cast.dana.id], START + timedelta(minutes=30), 30)


def test_released_time_can_be_claimed_in_the_same_transaction(cast: Cast) -> None:
    holder = new_id()
    with unit_of_work() as db:
        claim_times(db, SYSTEM, [cast.bram.id], START, 30, holder)
        release_claims(db, SYSTEM, holder)
        release_claims(db, SYSTEM, holder)
        claim_times(db, SYSTEM, [cast.bram.id], START, 30, holder)
        assert overlaps(db, [cast.bram.id], START, 30)
        assert not overlaps(db, [cast.bram.id], START, 30, besides=holder)


def test_times_free_for_everyone_take_one_query(cast: Cast) -> None:
    later = START + timedelta(days=1)
    with unit_of_work() as db:
        claim_times(db, SYSTEM, [cast.bram.id], START - timedelta(minutes=15), 30, new_id())
        assert list_free(db, [cast.bram.id, cast.dana.id], [START, later], 30) == [later]
        assert list_free(db, [cast.dana.id], [START, later], 30) == [START, later]
        assert list_free(db, [cast.dana.id], [], 30) == []


def test_outsiders_and_visitors_cannot_claim_or_release(cast: Cast) -> None:
    holder = new_id()
    with unit_of_work() as db:
        claim_times(db, person(cast.bram), [cast.bram.id, cast.dana.id], START, 30, holder)
        for stranger in (person(cast.olga), VISITOR):
            with pytest.raises(Forbidden):
                claim_times(db, stranger, [cast.bram.id], START + timedelta(days=1), 30, new_id())
            with pytest.raises(Forbidden):
                release_claims(db, stranger, holder)
        assert overlaps(db, [cast.bram.id], START, 30)
