"""Load shedding: new connections are refused with Retry-After while the event loop lags."""

import time
from collections.abc import Callable

import pytest

from events.core.db.session import unit_of_work
from events.core.realtime import load_shedding
from events.livestreams.models import Livestream
from tests.factories.stage import make_evening
from tests.support.cast import Cast
from tests.support.types import OpenSocket


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Take it that this process is so many seconds behind."""
    return lambda seconds: monkeypatch.setattr(load_shedding, "_lag", seconds)


@pytest.fixture
def live(cast: Cast) -> Livestream:
    with unit_of_work() as db:
        return make_evening(db, cast, state="live")


def test_new_connections_are_refused_while_the_loop_lags(
    cast: Cast, open_socket: OpenSocket, behind: Callable[[float], None]
) -> None:
    assert open_socket(cast.bram).client.is_connected()
    behind(load_shedding.MAX_LOOP_LAG_SECONDS + 0.1)
    assert not open_socket(cast.bram).client.is_connected()
    behind(load_shedding.MAX_LOOP_LAG_SECONDS - 0.1)
    assert open_socket(cast.bram).client.is_connected()


def test_joining_a_room_is_refused_and_open_sockets_go_on(
    cast: Cast, live: Livestream, open_socket: OpenSocket, behind: Callable[[float], None]
) -> None:
    bram, chris = open_socket(cast.bram), open_socket(cast.chris)
    room = f"livestream:{live.slug}"
    assert bram.send("chat.enter", room=room).ok
    behind(5)
    for refused in (
        chris.send("chat.enter", room=room),
        chris.send("presence.enter", livestream=live.slug),
    ):
        assert (refused.status, refused["error"]) == (503, "unavailable")
        assert refused["retry_after"] >= load_shedding.RETRY_AFTER_SECONDS[0]
    assert bram.send("chat.post", room=room, client_id="client-0001", body="Hier gaat het door").ok
    assert chris.received("chat.entries") == []


def test_a_blocked_loop_is_measured_and_recovers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_shedding, "_lag", 0.0)
    naps = iter((load_shedding.POLL_INTERVAL_SECONDS + 0.2, load_shedding.POLL_INTERVAL_SECONDS))
    behind: list[float] = []

    def sleep(_seconds: float) -> None:
        behind.append(load_shedding._lag)
        time.sleep(next(naps))  # ends the watch when there are no more

    with pytest.raises(StopIteration):
        load_shedding.watch(sleep)
    assert behind[1] == pytest.approx(0.2, abs=0.1)
    assert behind[2] < 0.1
