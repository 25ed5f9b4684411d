"""Tests of the ways back into a round: after a decline, no answer, a cancellation, a withdrawal."""

from datetime import datetime, timedelta

import pytest

from events.accounts.models import User
from events.coffees.actions import responses, undoing
from events.coffees.models import Coffee
from events.coffees.queries.coffees import list_of_round
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden
from events.core.jobs import queue
from events.livestreams.models import Livestream
from events.rounds.actions import opting_in
from events.rounds.forms import OptInForm, Rejoin
from events.rounds.models import FairnessScore, OptIn, Round
from events.rounds.queries import panels, rounds
from events.rounds.rules import timeline
from events.rounds.status import PanelStatus
from tests.factories.accounts import make_key
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.factories.rounds import make_round, make_yes
from tests.support.cast import Cast
from tests.support.types import OpenPage, Outbox, SetClock

pytestmark = pytest.mark.postgres
OFFER = "Still a coffee in this round?"


@pytest.fixture
def round_(cast: Cast, set_clock: SetClock) -> Round:
    """Published now, with a coffee for everyone of the cast in it."""
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        made = make_round(db, livestream, state="published")
        made.publish_at = clock.now()
        for user in (cast.anna, cast.bram, cast.chris, cast.dana):
            make_yes(db, made, user, state="matched")
        return made


def proposed(cast: Cast, round_: Round, *users: User, state: str = "proposed", **answers: str) -> str:
    with unit_of_work() as db:
        start = timeline.parse_time(round_.times[3])
        more = {"starts_at": start, "occasion_id": round_.livestream_id, "round_id": round_.id}
        return make_coffee(db, cast.circle, users, state=state, answers=answers, **more).id  # type: ignore[arg-type]  # the factory's own names


def status_of(round_: Round, user: User) -> PanelStatus:
    with unit_of_work() as db:
        livestream = db.get_one(Livestream, round_.livestream_id)
        panel = panels.panel_of(db, person(user), livestream)
    assert panel is not None
    return panel.status


def opt_in(round_: Round, user: User) -> OptIn:
    with unit_of_work() as db:
        found = rounds.opt_in_of(db, round_.id, user.id)
    assert found is not None
    return found


def rejoin(coffee_id: str, user: User, times: list[str]) -> OptIn:
    with unit_of_work() as db:
        data = Rejoin.model_validate({"times": times})
        return opting_in.rejoin_round(db, person(user), db.get_one(Coffee, coffee_id), data)


def act(do: str, coffee_id: str, user: User) -> None:
    with unit_of_work() as db:
        coffee = db.get_one(Coffee, coffee_id)
        getattr(responses, do)(db, person(user), coffee)


def expire(coffee_id: str, set_clock: SetClock) -> None:
    set_clock(timedelta(hours=49))
    with unit_of_work() as db:
        responses.expire_coffee(db, SYSTEM, db.get_one(Coffee, coffee_id))


def test_after_a_decline_the_card_offers_another_coffee_once(
    cast: Cast, round_: Round, page: OpenPage
) -> None:
    coffee_id = proposed(cast, round_, cast.bram, cast.dana)
    bram, dana = page(cast.bram), page(cast.dana)
    assert OFFER not in bram.main(f"/coffees/{coffee_id}")
    before = dana.main(f"/coffees/{coffee_id}")
    bram.post(f"/coffees/{coffee_id}/decline", version="1")
    html = bram.main(f"/coffees/{coffee_id}")
    assert OFFER in html
    assert "Put back" in html
    assert dana.main(f"/coffees/{coffee_id}") == before
    answer = bram.post(f"/coffees/{coffee_id}/round", times=round_.times[2:4])
    assert answer.location.endswith(f"/coffees/{coffee_id}")
    html = bram.main(f"/coffees/{coffee_id}")
    assert OFFER not in html
    assert "You're in for another coffee." in html
    assert opt_in(round_, cast.bram).times == round_.times[2:4]
    with unit_of_work() as db:
        opting_in.withdraw_opt_in(db, person(cast.bram), db.get_one(Livestream, round_.livestream_id))
    assert OFFER not in bram.main(f"/coffees/{coffee_id}")
    assert status_of(round_, cast.bram) == PanelStatus.LATE, "as for everyone who did not say yes"


def test_coming_back_ends_the_time_to_undo_and_tells_the_partner_at_once(cast: Cast, round_: Round) -> None:
    coffee_id = proposed(cast, round_, cast.bram, cast.dana)
    with unit_of_work() as db:
        undoing.delay_decline(db, person(cast.bram), db.get_one(Coffee, coffee_id))
    rejoin(coffee_id, cast.bram, round_.times[:1])
    with unit_of_work() as db:
        assert db.get_one(Coffee, coffee_id).state == "declined"
    assert opt_in(round_, cast.dana).state == "waiting"
    assert opt_in(round_, cast.bram).state == "waiting"


def test_an_unanswered_coffee_can_be_answered_in_hour_forty_nine(
    cast: Cast, round_: Round, page: OpenPage, set_clock: SetClock
) -> None:
    coffee_id = proposed(cast, round_, cast.bram, cast.dana, Dana="yes")
    expire(coffee_id, set_clock)
    assert OFFER in page(cast.bram).main(f"/coffees/{coffee_id}")
    assert OFFER not in page(cast.dana).main(f"/coffees/{coffee_id}"), "she waits already"
    yes = rejoin(coffee_id, cast.bram, round_.times[-2:])
    assert yes.notify_by is not None
    assert yes.notify_by <= clock.now() + timedelta(days=7)
    for _ in range(2):
        set_clock(timeline.REPAIR_DELAY)
        queue.run_due()
    with unit_of_work() as db:
        latest = list_of_round(db, round_.id)[-1]
    assert {seat.user_id for seat in latest.seats} == {cast.bram.id, cast.dana.id}, "both still want a coffee"


def test_who_cancelled_may_come_back_and_gets_someone_else(
    cast: Cast, round_: Round, page: OpenPage, set_clock: SetClock
) -> None:
    coffee_id = proposed(cast, round_, cast.bram, cast.dana, state="confirmed")
    other = proposed(cast, round_, cast.anna, cast.chris, state="declined", Anna="no")
    act("cancel_coffee", coffee_id, cast.bram)
    assert OFFER in page(cast.bram).main(f"/coffees/{coffee_id}")
    assert OFFER not in page(cast.dana).main(f"/coffees/{coffee_id}"), (
        "cancelled by the other: paired again anyway"
    )
    rejoin(coffee_id, cast.bram, round_.times)
    for user in (cast.anna, cast.chris):
        rejoin(other, user, round_.times)
    for _ in range(2):
        set_clock(timeline.REPAIR_DELAY)
        queue.run_due()
    with unit_of_work() as db:
        made = [coffee for coffee in list_of_round(db, round_.id) if coffee.state == "proposed"]
    together = [{seat.user_id for seat in coffee.seats} for coffee in made]
    assert len(together) == 2
    assert {cast.bram.id, cast.dana.id} not in together
    assert {cast.anna.id, cast.chris.id} not in together


def test_one_of_three_who_left_may_come_back(cast: Cast, round_: Round, page: OpenPage) -> None:
    coffee_id = proposed(cast, round_, cast.anna, cast.bram, cast.dana)
    act("decline_coffee", coffee_id, cast.bram)
    assert OFFER in page(cast.bram).main(f"/coffees/{coffee_id}")
    assert rejoin(coffee_id, cast.bram, round_.times[:1]).state == "waiting"
    with unit_of_work() as db:
        assert db.get_one(Coffee, coffee_id).state == "proposed", "the other two go on"


def test_who_withdrew_opts_in_again_like_a_late_joiner(cast: Cast, round_: Round) -> None:
    with unit_of_work() as db:
        yes = rounds.opt_in_of(db, round_.id, cast.bram.id)
        assert yes is not None
        yes.state = "withdrawn"
    assert status_of(round_, cast.bram) == PanelStatus.LATE
    with unit_of_work() as db:
        livestream = db.get_one(Livestream, round_.livestream_id)
        data = OptInForm.model_validate({"times": round_.times[:1], "forms": ["online"]})
        assert opting_in.submit_opt_in(db, person(cast.bram), livestream, data).notify_by is not None


def test_the_panel_and_the_opt_in_page_lead_back_too(cast: Cast, round_: Round, page: OpenPage) -> None:
    coffee_id = proposed(cast, round_, cast.bram, cast.dana)
    assert status_of(round_, cast.bram) == PanelStatus.COFFEE
    act("decline_coffee", coffee_id, cast.bram)
    assert status_of(round_, cast.bram) == PanelStatus.AGAIN
    with unit_of_work() as db:
        slug = db.get_one(Livestream, round_.livestream_id).slug
    assert OFFER in page(cast.bram).get(f"/livestreams/{slug}").text
    sheet = page(cast.bram).get(f"/livestreams/{slug}/coffee")
    assert "When are you really free?" in sheet.text
    page(cast.bram).post(f"/livestreams/{slug}/coffee", times=round_.times[:1], forms=["online"])
    assert opt_in(round_, cast.bram).state == "waiting"


def test_the_mails_key_leads_back_without_sign_in(cast: Cast, round_: Round, page: OpenPage) -> None:
    coffee_id = proposed(cast, round_, cast.bram, cast.dana, state="declined", Bram="no")
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "coffee", coffee_id)
    visitor = page(None)
    visitor.open_key(key)
    assert OFFER in visitor.main(f"/coffees/{coffee_id}")
    assert visitor.post(f"/coffees/{coffee_id}/round", times=round_.times[:1]).status_code == 303
    assert opt_in(round_, cast.bram).state == "waiting"


def test_nobody_else_comes_back_for_somebody(cast: Cast, round_: Round, page: OpenPage) -> None:
    coffee_id = proposed(cast, round_, cast.bram, cast.dana, state="declined", Bram="no")
    assert page(cast.olga).post(f"/coffees/{coffee_id}/round", times=round_.times[:1]).status_code == 404
    with pytest.raises(Forbidden):
        rejoin(coffee_id, cast.olga, round_.times[:1])
    assert opt_in(round_, cast.bram).state == "matched"


def test_one_coffee_of_a_round_is_enough(cast: Cast, round_: Round, page: OpenPage) -> None:
    off = proposed(cast, round_, cast.bram, cast.dana, state="declined", Bram="no")
    proposed(cast, round_, cast.bram, cast.chris, state="confirmed")
    assert OFFER not in page(cast.bram).main(f"/coffees/{off}")
    with pytest.raises(Conflict, match="coffee_had"):
        rejoin(off, cast.bram, round_.times[:1])


def last_start(round_: Round) -> datetime:
    return timeline.parse_time(round_.times[-1])


def test_after_the_late_period_nothing_is_offered(
    cast: Cast, round_: Round, page: OpenPage, set_clock: SetClock
) -> None:
    coffee_id = proposed(cast, round_, cast.bram, cast.dana, state="declined", Bram="no")
    set_clock(last_start(round_) - timedelta(hours=23))
    assert OFFER not in page(cast.bram).main(f"/coffees/{coffee_id}")
    with pytest.raises(Conflict, match="round_closed"):
        rejoin(coffee_id, cast.bram, round_.times[-1:])


def test_coming_back_is_silent_and_keeps_fairness(cast: Cast, round_: Round, outbox: Outbox) -> None:
    coffee_id = proposed(cast, round_, cast.bram, cast.dana, state="declined", Bram="no")
    with unit_of_work() as db:
        db.add(FairnessScore(circle_id=cast.circle.id, user_id=cast.bram.id, amount=1.5, latest=0.5))
    outbox()
    rejoin(coffee_id, cast.bram, round_.times[:1])
    queue.run_due()
    assert outbox() == []
    with unit_of_work() as db:
        assert rounds.fairness_of(db, cast.circle.id, [cast.bram.id])[cast.bram.id].amount == 1.0
