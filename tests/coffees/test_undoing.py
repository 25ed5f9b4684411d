"""Tests of undoing a decline within ten minutes, unnoticed by the others."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from events.accounts.models import User
from events.coffees import jobs, rules
from events.coffees.actions import responses, undoing
from events.coffees.models import Coffee
from events.coffees.queries import coffees
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, NotFound
from events.core.jobs import queue
from tests.factories.accounts import make_key
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock

pytestmark = pytest.mark.postgres
HOLD = rules.DECLINE_DELAY


def arrange(cast: Cast, **changes: object) -> str:
    with unit_of_work() as db:
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], **changes).id  # type: ignore[arg-type]  # the factory's own names


def act(action: Callable[..., object], who: User, coffee_id: str) -> None:
    with unit_of_work() as db:
        action(db, person(who), coffees.get_visible(db, person(who), coffee_id))


def read(coffee_id: str) -> Coffee:
    with unit_of_work() as db:
        return coffees.get_coffee(db, coffee_id)


def test_a_decline_is_undone_from_the_page_before_the_partner_is_notified(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    set_clock(timedelta())
    coffee_id = arrange(cast)
    bram, dana = page(cast.bram), page(cast.dana)
    before = dana.main(f"/coffees/{coffee_id}")
    bram.post(f"/coffees/{coffee_id}/decline", version="1")
    html = bram.get(f"/coffees/{coffee_id}").text
    assert 'data-seconds="600"' in html
    assert html.count(f'action="/coffees/{coffee_id}/undo"') == 2
    assert "Yes, please" not in bram.main(f"/coffees/{coffee_id}")
    assert dana.main(f"/coffees/{coffee_id}") == before
    bram.post(f"/coffees/{coffee_id}/undo")
    assert "Yes, please" in bram.main(f"/coffees/{coffee_id}")
    set_clock(HOLD)
    queue.run_due()
    assert read(coffee_id).state == "proposed"


def test_a_mail_link_undoes_a_decline_and_an_outsider_cannot(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast)
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "coffee", coffee_id)
    holder = page(None)
    holder.open_key(key)
    holder.post(f"/coffees/{coffee_id}/decline", version="1")
    page(cast.olga).post(f"/coffees/{coffee_id}/undo")
    with pytest.raises(NotFound):
        act(undoing.undo_decline, cast.olga, coffee_id)
    act(undoing.undo_decline, cast.dana, coffee_id)
    assert coffees.seat_of(read(coffee_id), cast.bram.id).leaves_at is not None
    holder.post(f"/coffees/{coffee_id}/undo")
    assert coffees.seat_of(read(coffee_id), cast.bram.id).leaves_at is None


def test_after_the_undo_period_the_decline_notifies_once_and_is_final(
    cast: Cast, set_clock: SetClock
) -> None:
    set_clock(timedelta())
    coffee_id = arrange(cast)
    act(undoing.delay_decline, cast.bram, coffee_id)
    jobs.apply_decline(coffee_id, cast.bram.id)
    assert read(coffee_id).state == "proposed"
    set_clock(HOLD)
    queue.run_due()
    declined = read(coffee_id)
    jobs.apply_decline(coffee_id, cast.bram.id)
    assert (declined.state, read(coffee_id).version) == ("declined", declined.version)
    with pytest.raises(Conflict, match="decline_told"):
        act(undoing.undo_decline, cast.bram, coffee_id)


def test_an_acceptance_during_the_undo_period_waits_for_its_end(cast: Cast, set_clock: SetClock) -> None:
    set_clock(timedelta())
    coffee_id = arrange(cast, answers={"Bram": "yes"})
    act(undoing.delay_decline, cast.bram, coffee_id)
    act(responses.accept_coffee, cast.dana, coffee_id)
    assert read(coffee_id).state == "proposed"
    act(undoing.undo_decline, cast.bram, coffee_id)
    assert read(coffee_id).state == "confirmed"


def test_accepting_undoes_a_decline_and_a_stale_undo_job_has_no_effect(
    cast: Cast, set_clock: SetClock
) -> None:
    set_clock(timedelta())
    coffee_id = arrange(cast)
    act(undoing.delay_decline, cast.bram, coffee_id)
    set_clock(timedelta(minutes=4))
    act(responses.accept_coffee, cast.bram, coffee_id)
    act(undoing.delay_decline, cast.bram, coffee_id)
    set_clock(timedelta(minutes=6))
    queue.run_due()
    assert read(coffee_id).state == "proposed"
    set_clock(timedelta(minutes=4))
    queue.run_due()
    assert read(coffee_id).state == "declined"


def test_an_undo_period_past_the_deadline_counts_as_a_decline(cast: Cast, set_clock: SetClock) -> None:
    set_clock(timedelta())
    coffee_id = arrange(cast, answers={"Dana": "yes"})
    set_clock(read(coffee_id).answer_by - timedelta(minutes=5))
    act(undoing.delay_decline, cast.bram, coffee_id)
    set_clock(timedelta(minutes=5))
    jobs.expire(coffee_id)
    assert read(coffee_id).state == "declined"
    assert coffees.seat_of(read(coffee_id), cast.bram.id).answer == "no"
    assert clock.now() < read(coffee_id).answer_by + timedelta(minutes=1)
