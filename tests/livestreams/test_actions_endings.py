"""Endings: by itself, taken back, with more time, and what nobody started."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from events.core import bus, clock
from events.core.auth.actor import SYSTEM, VISITOR, Actor
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden
from events.livestreams import jobs
from events.livestreams.actions import endings, transitions
from events.livestreams.models import STATES, Livestream
from events.livestreams.queries.endings import list_lapsed_ids
from events.livestreams.queries.livestreams import get_livestream
from events.livestreams.signals import LivestreamEnded, LivestreamEndTakenBack, LivestreamMissed
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast, acting_as
from tests.support.types import OpenPage, SetClock

pytestmark = pytest.mark.postgres
START = datetime(2026, 12, 3, 19, tzinfo=UTC)  # an hour long
END = START + timedelta(hours=1)
_heard: list[object] = []
bus.after_commit(LivestreamEnded, LivestreamEndTakenBack, LivestreamMissed)(_heard.append)


@pytest.fixture(autouse=True)
def heard(set_clock: SetClock) -> list[str]:
    set_clock(START)
    _heard.clear()
    return []


def names() -> list[str]:
    return [type(signal).__name__ for signal in _heard]


def plan(cast: Cast, state: str = "live", **more: object) -> Livestream:
    with unit_of_work() as db:
        made = make_livestream(db, cast.circle, cast.anna, state=state, starts_at=START)
        for name, value in more.items():
            setattr(made, name, value)
        return made


def now_is(livestream: Livestream) -> Livestream:
    with unit_of_work() as db:
        return get_livestream(db, livestream.id)


def act(verb: Callable[..., object], actor: Actor, livestream: Livestream) -> None:
    with unit_of_work() as db:
        verb(db, actor, get_livestream(db, livestream.id))


@pytest.mark.parametrize("state", STATES)
def test_the_job_ends_what_is_on_air_and_marks_what_nobody_started(
    cast: Cast, set_clock: SetClock, state: str
) -> None:
    made = plan(cast, state)
    set_clock(END + timedelta(minutes=44))
    jobs.follow_up_plans()
    assert now_is(made).state == state
    moment = set_clock(END + timedelta(minutes=45))
    jobs.follow_up_plans()
    jobs.follow_up_plans()
    found = now_is(made)
    after = {"live": "ended", "paused": "ended", "announced": "missed", "lobby": "missed"}.get(state, state)
    assert found.state == after
    assert found.ended_itself == (state in {"live", "paused"})
    if found.ended_itself:
        assert found.ended_at == moment
    told = {"ended": ["LivestreamEnded"], "missed": ["LivestreamMissed"]}.get(after, [])
    assert names() == (told if after != state else [])


def test_more_time_asked_for_at_the_desk_keeps_it_on_air(cast: Cast, set_clock: SetClock) -> None:
    made = plan(cast)
    set_clock(END + timedelta(minutes=40))
    act(endings.extend_livestream, acting_as(cast.anna), made)
    set_clock(END + timedelta(minutes=69))
    jobs.follow_up_plans()
    assert now_is(made).state == "live"
    set_clock(END + timedelta(minutes=70))
    jobs.follow_up_plans()
    assert now_is(made).state == "ended"


@pytest.mark.parametrize("by_itself", [True, False])
def test_an_end_is_taken_back_within_a_quarter_of_an_hour(
    cast: Cast, set_clock: SetClock, by_itself: bool
) -> None:
    made = plan(cast)
    set_clock(END + timedelta(minutes=45))
    if by_itself:
        jobs.follow_up_plans()
    else:
        act(transitions.end_livestream, acting_as(cast.anna), made)
    moment = set_clock(timedelta(minutes=14))
    act(endings.undo_end, acting_as(cast.anna), made)
    act(endings.undo_end, acting_as(cast.anna), made)  # in another tab
    found = now_is(made)
    assert (found.state, found.ended_at, found.ended_itself) == ("live", None, False)
    assert found.went_live_at == START
    assert names() == ["LivestreamEnded", "LivestreamEndTakenBack"]
    set_clock(moment + timedelta(minutes=29))
    jobs.follow_up_plans()
    assert now_is(made).state == "live"  # whoever takes it back has half an hour
    set_clock(moment + timedelta(minutes=30))
    jobs.follow_up_plans()
    assert now_is(made).state == "ended"


def test_a_later_end_stays(cast: Cast, set_clock: SetClock) -> None:
    made = plan(cast)
    act(transitions.end_livestream, acting_as(cast.anna), made)
    set_clock(timedelta(minutes=15))
    with pytest.raises(Conflict, match="ended_too_long"):
        act(endings.undo_end, acting_as(cast.anna), made)
    assert now_is(made).state == "ended"


@pytest.mark.parametrize("who", ["bram", "olga", "visitor", "key"])
@pytest.mark.parametrize(("verb", "state"), [("undo_end", "ended"), ("extend_livestream", "live")])
def test_only_host_and_organisers_change_the_end(cast: Cast, who: str, verb: str, state: str) -> None:
    actors = {
        "bram": acting_as(cast.bram),
        "olga": acting_as(cast.olga),
        "visitor": VISITOR,
        "key": Actor(kind="key", person_id=cast.anna.id, keys=frozenset({("livestream", "x")})),
    }
    made = plan(cast, state)
    with pytest.raises(Forbidden):
        act(getattr(endings, verb), actors[who], made)
    assert now_is(made).state == state


@pytest.mark.parametrize("verb", ["end_by_itself", "mark_missed"])
def test_nobody_but_the_job_ends_it_by_itself(cast: Cast, verb: str) -> None:
    with pytest.raises(Forbidden):
        act(getattr(endings, verb), acting_as(cast.anna), plan(cast))


def test_one_that_was_missed_moves_and_is_announced_again(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    made = plan(cast, "missed")
    set_clock(END + timedelta(hours=2))
    form = {"title": made.title, "preset": "session", "audience": "members", "minutes": "60"}
    anna = page(cast.anna)
    assert (
        anna.post(f"/livestreams/{made.slug}/edit", day="2026-12-03", hour="20:00", **form).status_code == 303
    )
    assert now_is(made).state == "missed"
    anna.post(f"/livestreams/{made.slug}/edit", day="2026-12-10", hour="20:00", **form)
    found = now_is(made)
    assert (found.state, found.starts_at, found.sequence) == ("announced", START + timedelta(days=7), 1)


def test_the_margin_is_chosen_on_the_form(cast: Cast, page: OpenPage) -> None:
    made = plan(cast, "announced")
    form = {"title": made.title, "day": "2026-12-03", "hour": "20:00", "preset": "session", "minutes": "60"}
    anna = page(cast.anna)
    anna.post(f"/livestreams/{made.slug}/edit", audience="members", auto_end="1440", **form)
    assert now_is(made).auto_end_minutes == 1440
    refused = anna.post(f"/livestreams/{made.slug}/edit", audience="members", auto_end="7", **form)
    assert refused.status_code == 422
    assert now_is(made).auto_end_minutes == 1440


def test_what_is_missed_is_no_longer_to_come_for_members(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    made = plan(cast, "lobby")
    set_clock(END + timedelta(minutes=44))
    assert "The lobby is open" in page(cast.bram).get("/").text
    set_clock(END + timedelta(minutes=45))
    jobs.follow_up_plans()
    assert made.title not in page(cast.bram).main("/")
    assert "Did ‘Offertes die een ja krijgen’ take place?" in page(cast.anna).main("/")
    assert "start here" in page(cast.bram).main(f"/livestreams/{made.slug}")
    assert clock.now() == END + timedelta(minutes=45)


def test_an_overdue_one_asks_its_team_on_today_and_nobody_else(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    plan(cast)
    set_clock(END)
    assert "Is it over?" in page(cast.anna).main("/")
    assert "Is it over?" not in page(cast.bram).main("/")


def test_ending_by_itself_is_not_an_error_when_the_host_was_first(cast: Cast, set_clock: SetClock) -> None:
    made = plan(cast)
    set_clock(END + timedelta(minutes=45))
    with unit_of_work() as db:
        assert list_lapsed_ids(db) == [made.id]
    act(transitions.end_livestream, acting_as(cast.anna), made)
    with unit_of_work() as db:
        assert not endings.end_by_itself(db, SYSTEM, get_livestream(db, made.id))
        assert list_lapsed_ids(db) == []
    assert names() == ["LivestreamEnded"]
