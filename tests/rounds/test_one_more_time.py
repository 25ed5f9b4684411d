"""Tests of the one more time that people without a coffee are asked: who, which, and what a yes does."""

from datetime import timedelta

import pytest

from events.accounts.models import Block, User
from events.availability.models import Claim
from events.coffees.queries.coffees import list_of_round
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden
from events.core.jobs import queue
from events.rounds import jobs
from events.rounds.actions import opting_in
from events.rounds.models import OptIn, Round
from events.rounds.queries import rounds
from events.rounds.rules import timeline
from events.rounds.rules.one_more_time import times_to_ask
from tests.factories.coffees import person
from tests.factories.livestreams import make_livestream
from tests.factories.rounds import make_round, make_round_of_its_own, make_yes
from tests.support.cast import Cast
from tests.support.mail_assertions import mails_to, path_in, text_of
from tests.support.types import OpenPage, Outbox, SetClock

pytestmark = pytest.mark.postgres
PAGE = "coffee/one-more-time"


def evening(cast: Cast, *, own: bool = False) -> Round:
    """Bram and Dana said yes, each at one time of their own."""
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        round_ = make_round_of_its_own(db, cast.circle) if own else make_round(db, livestream)
        make_yes(db, round_, cast.bram, times=round_.times[4:5])
        make_yes(db, round_, cast.dana, times=round_.times[6:7])
        return round_


def publish(round_: Round, set_clock: SetClock) -> None:
    set_clock(round_.publish_at)
    jobs.match_round(round_.id)
    queue.run_due()


def opt_in(round_: Round, user: User) -> OptIn:
    with unit_of_work() as db:
        found = rounds.opt_in_of(db, round_.id, user.id)
    assert found is not None
    return found


def accept(round_: Round, user: User) -> OptIn:
    with unit_of_work() as db:
        return opting_in.accept_one_more_time(db, person(user), db.get_one(Round, round_.id))


@pytest.mark.parametrize("own", [False, True])
def test_the_mail_of_who_was_left_asks_one_more_time_and_one_tap_makes_the_coffee(
    cast: Cast, page: OpenPage, outbox: Outbox, set_clock: SetClock, *, own: bool
) -> None:
    round_ = evening(cast, own=own)
    outbox()
    publish(round_, set_clock)
    assert opt_in(round_, cast.bram).asked_time == round_.times[6]
    assert opt_in(round_, cast.dana).asked_time == round_.times[4]
    (mail,) = mails_to(outbox(), cast.bram)
    assert mail["Subject"].startswith("Coffee: would ")
    assert "there may be someone" in text_of(mail)
    browser = page(None)
    opened = browser.get(path_in(mail, "/k/"))
    assert opened.location.endswith(f"/rounds/{round_.id}/{PAGE}")
    assert "Yes, that works" in browser.get(opened.location).text
    assert opt_in(round_, cast.bram).state == "left", "opening it answers nothing"
    assert browser.post(f"/rounds/{round_.id}/{PAGE}").status_code == 303
    assert opt_in(round_, cast.bram).state == "waiting"
    set_clock(timeline.REPAIR_DELAY)
    queue.run_due()
    with unit_of_work() as db:
        (coffee,) = list_of_round(db, round_.id)
    assert {seat.user_id for seat in coffee.seats} == {cast.bram.id, cast.dana.id}
    assert coffee.starts_at == timeline.parse_time(round_.times[6])


def test_the_panel_asks_too_and_a_second_tap_has_no_effect(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    round_ = evening(cast, own=True)
    publish(round_, set_clock)
    bram = page(cast.bram)
    assert f"/rounds/{round_.id}/{PAGE}" in bram.main(f"/circles/{cast.circle.slug}/coffee") + bram.main(
        f"/rounds/{round_.id}/coffee"
    )
    first = accept(round_, cast.bram)
    assert accept(round_, cast.bram).times == first.times == [round_.times[4], round_.times[6]]
    assert "You said yes. You'll hear by" in bram.get(f"/rounds/{round_.id}/{PAGE}").text


def test_nobody_is_asked_for_somebody_they_may_not_meet(
    cast: Cast, outbox: Outbox, set_clock: SetClock
) -> None:
    round_ = evening(cast)
    with unit_of_work() as db:
        db.add(Block(blocker_id=cast.dana.id, blocked_id=cast.bram.id, created_at=clock.now()))
    outbox()
    publish(round_, set_clock)
    assert [opt_in(round_, user).asked_time for user in (cast.bram, cast.dana)] == [None, None]
    assert {mail["Subject"] for mail in outbox()} == {"No coffee this time"}


def test_a_time_that_is_busy_is_not_asked(cast: Cast, set_clock: SetClock) -> None:
    round_ = evening(cast)
    with unit_of_work() as db:
        db.add(Claim(user_id=cast.bram.id, quarter=timeline.parse_time(round_.times[6]), holder_id="x" * 26))
    publish(round_, set_clock)
    assert opt_in(round_, cast.bram).asked_time is None
    assert opt_in(round_, cast.dana).asked_time == round_.times[4]


def test_a_time_that_came_too_near_is_answered_honestly(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    round_ = evening(cast)
    publish(round_, set_clock)
    set_clock(timeline.parse_time(round_.times[6]) - timedelta(hours=25))
    with pytest.raises(Conflict, match="round_closed"):
        accept(round_, cast.bram)
    assert "isn't asked any more" in page(cast.bram).get(f"/rounds/{round_.id}/{PAGE}").text


def test_nobody_answers_for_somebody_else(cast: Cast, page: OpenPage, set_clock: SetClock) -> None:
    round_ = evening(cast)
    publish(round_, set_clock)
    assert page(cast.olga).get(f"/rounds/{round_.id}/{PAGE}").status_code == 404
    with pytest.raises(Forbidden):
        accept(round_, cast.olga)
    with pytest.raises(Conflict, match="round_closed"):
        accept(round_, cast.chris)


def someone(name: str, *free: str, **more: object) -> dict[str, object]:
    common = {"asks": [], "offers": [], "languages": ["nl"], "never": [], "forms": ["online"]}
    return {**common, "company": None, "id": name, "free": list(free), **more}


def test_the_time_at_which_most_others_could_is_asked() -> None:
    people = [someone("a", "1"), someone("b", "2"), someone("c", "2", "3"), someone("d", "3", never=["a"])]
    problem: dict[str, object] = {"people": people, "met": [], "together": []}
    assert times_to_ask(problem, ["a"], {"a": ["2", "3", "4"]}) == {"a": "2"}
    assert times_to_ask(problem, ["a"], {"a": ["4"]}) == {}
    assert times_to_ask(problem, ["b"], {"b": ["1", "3"]}) == {}, "with a time in common nothing is asked"
