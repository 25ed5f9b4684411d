"""An end that is taken back: the round waits with its yeses, the after-talk stops, and both begin again."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from events.aftertalks import rules
from events.aftertalks.actions import attendance
from events.aftertalks.models import Aftertalk
from events.coffees.models import Coffee
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.errors import Conflict
from events.core.jobs.queue import run_due
from events.livestreams.actions.endings import undo_end
from events.livestreams.actions.transitions import cancel_livestream, end_livestream
from events.livestreams.forms import CancelLivestream
from events.livestreams.models import Livestream
from events.rounds.actions import opting_in
from events.rounds.forms import OptInForm
from events.rounds.models import OptIn, Round
from events.rounds.queries.panels import list_actionable, list_rows
from events.rounds.queries.rounds import round_of
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast, acting_as
from tests.support.types import OpenPage, SetClock

pytestmark = pytest.mark.postgres


@pytest.fixture
def evening(cast: Cast, set_clock: SetClock) -> Livestream:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, state="live")


def end(evening: Livestream) -> None:
    with unit_of_work() as db:
        end_livestream(db, SYSTEM, db.get_one(Livestream, evening.id))
    run_due()


def back_on_air(evening: Livestream) -> None:
    with unit_of_work() as db:
        undo_end(db, SYSTEM, db.get_one(Livestream, evening.id))
    run_due()


def the_round(evening: Livestream) -> Round:
    with unit_of_work() as db:
        found = round_of(db, evening.id)
        assert found is not None
        return found


def say_yes(cast: Cast, evening: Livestream) -> None:
    with unit_of_work() as db:
        round_ = round_of(db, evening.id)
        assert round_ is not None
        data = OptInForm.model_validate({"times": round_.times[:3], "forms": ["online"], "lengths": [30]})
        opting_in.submit_opt_in(db, acting_as(cast.bram), db.get_one(Livestream, evening.id), data)


def test_the_round_waits_and_opens_again_with_every_yes(
    cast: Cast, evening: Livestream, set_clock: SetClock
) -> None:
    end(evening)
    first = the_round(evening)
    say_yes(cast, evening)
    set_clock(timedelta(minutes=14))
    back_on_air(evening)
    assert the_round(evening).state == "on_hold"
    with unit_of_work() as db:
        assert list_actionable(db, acting_as(cast.dana), 9) == []
        assert list_rows(db, acting_as(cast.dana), cast.circle.id) == []
    with pytest.raises(Conflict, match="round_closed"):
        say_yes(cast, evening)
    moment = set_clock(timedelta(minutes=20))
    end(evening)
    again = the_round(evening)
    assert (again.id, again.state, again.opened_at) == (first.id, "open", moment)
    with unit_of_work() as db:
        (yes,) = db.scalars(select(OptIn))
        assert (yes.user_id, yes.state) == (cast.bram.id, "waiting")
        assert set(yes.times) <= set(again.times)
        assert [row.round.id for row in list_actionable(db, acting_as(cast.dana), 9)] == [first.id]


def test_taken_back_twice_and_ended_twice_leave_one_round(cast: Cast, evening: Livestream) -> None:
    for _ in range(2):
        end(evening)
        back_on_air(evening)
        back_on_air(evening)
    end(evening)
    with unit_of_work() as db:
        assert db.scalar(select(func.count(Round.id))) == 1
    assert the_round(evening).state == "open"


def test_a_round_that_was_closed_meanwhile_goes_on(cast: Cast, evening: Livestream, page: OpenPage) -> None:
    end(evening)
    round_ = the_round(evening)
    page(cast.anna).post(f"/rounds/{round_.id}/close")
    back_on_air(evening)
    assert the_round(evening).state != "on_hold"


def test_cancelled_after_all_the_round_stands_in_its_place(cast: Cast, evening: Livestream) -> None:
    end(evening)
    back_on_air(evening)
    with unit_of_work() as db:
        cancel_livestream(db, SYSTEM, db.get_one(Livestream, evening.id), CancelLivestream())
    assert (the_round(evening).state, the_round(evening).occasion) == ("open", "instead")


def test_talks_end_and_everyone_in_the_aftertalk_waits_for_the_next_end(
    cast: Cast, evening: Livestream, set_clock: SetClock
) -> None:
    people = (cast.bram, cast.chris)

    def come() -> None:
        for one in people:
            with unit_of_work() as db:
                own = db.get_one(Livestream, evening.id)
                attendance.join_aftertalk(db, acting_as(one), own)
                attendance.enter_aftertalk(db, acting_as(one), own, tab=f"tab-{one.id}")

    def talks(state: str) -> int:
        with unit_of_work() as db:
            return db.scalar(select(func.count(Coffee.id)).where(Coffee.state == state)) or 0

    come()
    end(evening)
    set_clock(rules.FIRST_TURN_DELAY)
    run_due()
    assert talks("confirmed") == 1
    set_clock(timedelta(minutes=2))
    back_on_air(evening)
    assert talks("confirmed") == 0
    with unit_of_work() as db:
        (aftertalk,) = db.scalars(select(Aftertalk))
        assert (aftertalk.state, aftertalk.turn, aftertalk.opened_at) == ("gathering", 0, None)
    set_clock(timedelta(minutes=30))  # nothing of the first end is still planned
    run_due()
    assert talks("confirmed") == 0
    come()
    end(evening)
    set_clock(rules.FIRST_TURN_DELAY)
    run_due()
    assert talks("confirmed") == 1


def test_while_it_is_on_hold_each_reads_a_sentence_of_its_own(
    cast: Cast, evening: Livestream, page: OpenPage, set_clock: SetClock
) -> None:
    end(evening)
    say_yes(cast, evening)
    back_on_air(evening)
    path = f"/livestreams/{evening.slug}/coffee"
    bram, chris = page(cast.bram), page(cast.chris)
    assert "The livestream goes on after all. Your yes stays" in bram.main(path)
    assert "you can say yes to a coffee as soon as it has ended" in chris.main(path).lower()
    for browser in (bram, chris):
        assert "The round has closed" not in browser.main(path)
    assert bram.post(f"{path}/withdraw").status_code == 303
    assert "Your yes stays" not in bram.main(path)
    assert "/coffee/withdraw" not in chris.get(path).text
