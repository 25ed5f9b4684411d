"""Every open page follows a change of state; outsiders receive nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from events.accounts.models import User
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.realtime.handlers import send_to_person
from events.livestreams.actions.transitions import open_lobby, show_replay
from events.livestreams.models import Livestream
from events.stage import jobs
from tests.factories.stage import make_evening
from tests.support.cast import Cast
from tests.support.clients import SocketClient
from tests.support.types import OpenPage, OpenSocket, SetClock


def evening(cast: Cast, state: str = "live") -> Livestream:
    with unit_of_work() as rows:
        return make_evening(rows, cast, state=state)


def entered(open_socket: OpenSocket, person: User, livestream: Livestream) -> SocketClient:
    opened = open_socket(person)
    assert opened.send("presence.enter", livestream=livestream.slug).ok
    opened.received()
    return opened


def only_the_fence(olga: User, wire: SocketClient) -> bool:
    send_to_person(olga.id, "fence", {"fence": True})
    return wire.received() == [{"fence": True}]


@pytest.mark.parametrize(
    ("before", "verb", "after"),
    [
        ("lobby", "start", "live"),
        ("live", "return", "lobby"),
        ("live", "pause", "paused"),
        ("paused", "resume", "live"),
        ("live", "end", "ended"),
        ("paused", "end", "ended"),
        ("ended", "undo_end", "live"),
        ("announced", "cancel", "cancelled"),
    ],
)
def test_what_the_desk_does_changes_every_open_page(
    cast: Cast, open_socket: OpenSocket, page: OpenPage, before: str, verb: str, after: str
) -> None:
    livestream = evening(cast, before)
    bram, olga = entered(open_socket, cast.bram, livestream), open_socket(cast.olga)
    assert olga.send("presence.enter", livestream=livestream.slug).status == 404
    assert page(cast.anna).post(f"/livestreams/{livestream.slug}/{verb}").status_code == 303
    (frame,) = bram.received("livestreams.state")
    assert (frame["livestream"], frame["state"]) == (livestream.slug, after)
    assert frame["version"] > livestream.version
    assert ("source" in frame) == (after in {"live", "paused"})
    assert only_the_fence(cast.olga, olga)


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [("announced", open_lobby, "lobby"), ("ended", show_replay, "replay")],
)
def test_what_happens_by_itself_changes_every_open_page(
    cast: Cast,
    open_socket: OpenSocket,
    set_clock: SetClock,
    before: str,
    change: Callable[..., Livestream],
    after: str,
) -> None:
    set_clock(timedelta())
    livestream = evening(cast, before)
    set_clock(livestream.starts_at - timedelta(minutes=10))
    bram, olga = entered(open_socket, cast.bram, livestream), open_socket(cast.olga)
    with unit_of_work() as rows:
        change(rows, SYSTEM, rows.get_one(Livestream, livestream.id))
    (frame,) = bram.received("livestreams.state")
    assert frame["state"] == after
    assert only_the_fence(cast.olga, olga)


def test_a_room_in_use_beats_with_its_number_and_version(cast: Cast, open_socket: OpenSocket) -> None:
    livestream = evening(cast)
    bram, olga = entered(open_socket, cast.bram, livestream), open_socket(cast.olga)
    jobs.beat()
    assert bram.received("room.beat") == [
        {"room": f"livestream:{livestream.slug}", "last_seq": 0, "version": livestream.version}
    ]
    assert only_the_fence(cast.olga, olga)


def test_a_room_falls_silent_some_hours_after_the_end(
    cast: Cast, open_socket: OpenSocket, set_clock: SetClock
) -> None:
    set_clock(timedelta())
    livestream = evening(cast, "ended")
    bram = entered(open_socket, cast.bram, livestream)
    set_clock(timedelta(hours=5))
    jobs.beat()
    assert len(bram.received("room.beat")) == 1
    set_clock(timedelta(hours=2))
    jobs.beat()
    assert bram.received("room.beat") == []


def test_a_room_before_its_lobby_does_not_beat(cast: Cast, open_socket: OpenSocket) -> None:
    livestream = evening(cast, "announced")
    bram = entered(open_socket, cast.bram, livestream)
    jobs.beat()
    assert bram.received("room.beat") == []
