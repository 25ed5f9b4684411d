"""Presence frames: enter, heartbeat, leave and reactions, over tabs."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.core import clock, rate_limits
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.errors import Forbidden
from events.core.realtime.handlers import send_to_person
from events.livestreams.models import Livestream
from events.presence import jobs, listeners
from events.presence.actions import write_stays
from events.presence.models import Stay
from events.presence.queries import count_watching, list_attendance
from events.presence.signals import LivestreamHeartbeat, LivestreamLeft
from tests.factories.stage import make_evening
from tests.support.cast import Cast, acting_as
from tests.support.clients import SocketClient
from tests.support.types import OpenSocket, SetClock


def evening(cast: Cast, state: str = "live", audience: str = "members") -> Livestream:
    with unit_of_work() as db:
        return make_evening(db, cast, state=state, audience=audience)


def set_state(livestream: Livestream, state: str) -> None:
    with unit_of_work() as db:
        db.get_one(Livestream, livestream.id).state = state


def stays() -> list[Stay]:
    with unit_of_work() as db:
        return list(db.scalars(select(Stay).order_by(Stay.entered_at)))


def watching(livestream: Livestream) -> int:
    with unit_of_work() as db:
        return count_watching(db, livestream.id)


def only_the_fence(olga: User, wire: SocketClient) -> bool:
    """Everything sent before the fence frame has arrived when it has."""
    send_to_person(olga.id, "fence", {"fence": True})
    return wire.received() == [{"fence": True}]


def test_entering_returns_state_version_and_source(cast: Cast, open_socket: OpenSocket) -> None:
    livestream = evening(cast)
    ack = open_socket(cast.bram).send("presence.enter", livestream=livestream.slug, version=0)
    assert ack.ok
    assert (ack["state"], ack["version"]) == ("live", 1)
    assert ack["source"]["provider"] == "hls"


def test_a_director_counts_as_attending_but_not_as_a_viewer(
    cast: Cast, open_socket: OpenSocket, set_clock: SetClock
) -> None:
    livestream = evening(cast)
    desk = open_socket(cast.anna)
    assert desk.send("presence.enter", livestream=livestream.slug, desk=True).ok
    set_clock(timedelta(seconds=60))
    assert desk.send("presence.beat", livestream=livestream.slug, desk=True).ok
    assert watching(livestream) == 0
    open_socket(cast.bram).send("presence.enter", livestream=livestream.slug)
    assert watching(livestream) == 1
    with unit_of_work() as db:
        assert cast.anna.id in list_attendance(db, livestream.id)


def test_a_stranger_cannot_enter_a_livestream_of_members(cast: Cast, open_socket: OpenSocket) -> None:
    livestream = evening(cast)
    for person in (cast.olga, None):
        ack = open_socket(person).send("presence.enter", livestream=livestream.slug)
        assert (ack.status, ack["error"]) == (404, "not_found")
    assert stays() == []


def test_a_visitor_of_a_public_livestream_is_not_recorded(cast: Cast, open_socket: OpenSocket) -> None:
    livestream = evening(cast, audience="public")
    visitor = open_socket(None)
    assert visitor.send("presence.enter", livestream=livestream.slug)["state"] == "live"
    assert visitor.send("presence.beat", livestream=livestream.slug).ok
    assert visitor.send("presence.leave", livestream=livestream.slug).ok
    assert stays() == []


def test_two_tabs_are_two_stays_and_one_person(cast: Cast, open_socket: OpenSocket) -> None:
    livestream = evening(cast)
    for _tab in range(2):
        assert open_socket(cast.bram).send("presence.enter", livestream=livestream.slug).ok
    assert len(stays()) == 2
    assert watching(livestream) == 1


def test_entering_again_in_the_same_tab_opens_no_second_stay(cast: Cast, open_socket: OpenSocket) -> None:
    livestream = evening(cast)
    bram = open_socket(cast.bram)
    for _again in range(3):
        assert bram.send("presence.enter", livestream=livestream.slug).ok
    assert len(stays()) == 1


def test_a_closed_tab_ends_its_own_stay_alone(cast: Cast, open_socket: OpenSocket) -> None:
    livestream = evening(cast)
    first, second = open_socket(cast.bram), open_socket(cast.bram)
    for tab in (first, second):
        tab.send("presence.enter", livestream=livestream.slug)
    first.close()
    assert sorted(stay.left_at is None for stay in stays()) == [False, True]
    assert watching(livestream) == 1
    second.close()
    assert watching(livestream) == 0


def test_leaving_ends_the_stay_and_the_frames(cast: Cast, open_socket: OpenSocket) -> None:
    livestream = evening(cast)
    bram = open_socket(cast.bram)
    bram.send("presence.enter", livestream=livestream.slug)
    assert bram.send("presence.leave", livestream=livestream.slug).ok
    assert stays()[0].left_at is not None
    jobs.broadcast_viewer_counts()
    assert bram.received() == []


def test_a_batch_is_written_in_the_order_of_events(cast: Cast) -> None:
    livestream = evening(cast)
    moments = [clock.now() + timedelta(seconds=number) for number in range(5)]
    bram, chris = (
        partial(LivestreamHeartbeat, livestream.id, person.id, person.first_name)
        for person in (cast.bram, cast.chris)
    )
    with unit_of_work() as db:
        write_stays(
            db,
            SYSTEM,
            [
                bram(moments[0]),
                chris(moments[1]),
                bram(moments[2]),
                LivestreamLeft("Bram", moments[3]),
                bram(moments[4]),
            ],
        )
    first, second, again = stays()
    assert (first.tab, first.entered_at, first.seen_at, first.left_at) == (
        "Bram",
        *moments[0:4:2],
        moments[3],
    )
    assert (second.tab, second.left_at) == ("Chris", None)
    assert (again.tab, again.entered_at, again.left_at) == ("Bram", moments[4], None)


def test_only_the_system_writes_stays(cast: Cast) -> None:
    anna = acting_as(cast.anna)
    with unit_of_work() as db, pytest.raises(Forbidden):
        write_stays(db, anna, [LivestreamLeft("Bram", clock.now())])


def test_nothing_counts_before_the_lobby(cast: Cast, open_socket: OpenSocket) -> None:
    livestream = evening(cast, state="announced")
    bram = open_socket(cast.bram)
    assert bram.send("presence.enter", livestream=livestream.slug)["state"] == "announced"
    assert stays() == []
    set_state(livestream, "lobby")
    assert bram.send("presence.beat", livestream=livestream.slug).ok
    assert len(stays()) == 1


@pytest.mark.parametrize("state", ["ended", "replay", "cancelled"])
def test_a_page_left_open_afterwards_does_not_count(
    cast: Cast, open_socket: OpenSocket, set_clock: SetClock, state: str
) -> None:
    livestream = evening(cast)
    bram = open_socket(cast.bram)
    bram.send("presence.enter", livestream=livestream.slug)
    seen = stays()[0].seen_at
    set_state(livestream, state)
    set_clock(timedelta(minutes=5))
    assert bram.send("presence.beat", livestream=livestream.slug).ok
    assert stays()[0].seen_at == seen


def test_a_silent_tab_is_no_viewer_but_its_time_counts(
    cast: Cast, open_socket: OpenSocket, set_clock: SetClock
) -> None:
    livestream = evening(cast)
    bram = open_socket(cast.bram)
    start = set_clock(timedelta())
    bram.send("presence.enter", livestream=livestream.slug)
    last = set_clock(timedelta(minutes=10))
    bram.send("presence.beat", livestream=livestream.slug)
    set_clock(timedelta(minutes=10))
    assert watching(livestream) == 0
    with unit_of_work() as db:
        assert list_attendance(db, livestream.id) == {cast.bram.id: [(start, last)]}


def test_viewer_counts_are_broadcast_only_on_change(cast: Cast, open_socket: OpenSocket) -> None:
    livestream = evening(cast)
    bram, olga = open_socket(cast.bram), open_socket(cast.olga)
    bram.send("presence.enter", livestream=livestream.slug)
    jobs.broadcast_viewer_counts()
    assert bram.received("presence.viewers") == [{"livestream": livestream.slug, "watching": 1}]
    jobs.broadcast_viewer_counts()
    assert bram.received("presence.viewers") == []
    open_socket(cast.chris).send("presence.enter", livestream=livestream.slug)
    jobs.broadcast_viewer_counts()
    assert bram.received("presence.viewers") == [{"livestream": livestream.slug, "watching": 2}]
    assert only_the_fence(cast.olga, olga)


def test_reactions_are_broadcast_to_the_room_as_sums(cast: Cast, open_socket: OpenSocket) -> None:
    livestream = evening(cast)
    bram, chris, olga = open_socket(cast.bram), open_socket(cast.chris), open_socket(cast.olga)
    for person in (bram, chris):
        person.send("presence.enter", livestream=livestream.slug)
        assert person.send("presence.react", livestream=livestream.slug, kind="applause").ok
    assert bram.send("presence.react", livestream=livestream.slug, kind="idea").ok
    assert bram.received("presence.reactions") == []
    listeners.broadcast_reactions(livestream.id)
    told = {"livestream": livestream.slug, "counts": {"applause": 2, "idea": 1}}
    assert bram.received("presence.reactions") == [told]
    assert chris.received("presence.reactions") == [told]
    assert only_the_fence(cast.olga, olga)
    listeners.broadcast_reactions(livestream.id)
    assert bram.received("presence.reactions") == []


def test_outsiders_and_offline_livestreams_get_no_reactions(cast: Cast, open_socket: OpenSocket) -> None:
    livestream = evening(cast)
    assert (
        open_socket(cast.olga).send("presence.react", livestream=livestream.slug, kind="heart").status == 404
    )
    assert open_socket(None).send("presence.react", livestream=livestream.slug, kind="heart").status == 404
    set_state(livestream, "ended")
    refused = open_socket(cast.bram).send("presence.react", livestream=livestream.slug, kind="heart")
    assert (refused.status, refused["error"]) == (409, "not_on_now")


def test_reactions_are_limited_to_one_in_two_seconds(cast: Cast, open_socket: OpenSocket) -> None:
    livestream = evening(cast)
    bram = open_socket(cast.bram)
    rate_limits.configure(None, enabled=True)
    try:
        assert bram.send("presence.react", livestream=livestream.slug, kind="heart").ok
        refused = bram.send("presence.react", livestream=livestream.slug, kind="heart")
    finally:
        rate_limits.configure(None, enabled=False)
    assert (refused.status, refused["retry_after"]) == (429, 2)
    listeners.broadcast_reactions(livestream.id)


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("presence.enter", {}),
        ("presence.enter", {"livestream": 7}),
        ("presence.enter", {"livestream": "a\x00b"}),
        ("presence.enter", {"livestream": "x" * 101}),
        ("presence.enter", {"livestream": "a", "version": -1}),
        ("presence.enter", {"livestream": "a", "version": "1"}),
        ("presence.enter", {"livestream": "a", "extra": 1}),
        ("presence.beat", {"livestream": ["a"]}),
        ("presence.leave", {"livestream": None}),
        ("presence.react", {"livestream": "a", "kind": "boo"}),
        ("presence.react", {"livestream": "a", "kind": "heart", "count": 50}),
    ],
)
def test_an_invalid_frame_is_refused(
    cast: Cast, open_socket: OpenSocket, name: str, payload: dict[str, object]
) -> None:
    assert open_socket(cast.bram).send(name, **payload).status == 422
