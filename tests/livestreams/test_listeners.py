"""Broadcast of state changes to open pages."""

from collections.abc import Callable
from typing import Any
from unittest.mock import ANY

import pytest

from events.core.db.session import unit_of_work
from events.core.realtime.connections import connections, socketio
from events.core.realtime.handlers import send_to_person
from events.livestreams.actions import transitions
from events.livestreams.forms import BeginItem, PauseLivestream
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream
from tests.factories.livestreams import make_agenda, make_livestream
from tests.support.cast import Cast, acting_as
from tests.support.clients import SocketClient
from tests.support.types import OpenSocket


def enter(wire: SocketClient, room: str) -> None:
    """Join a room, as `presence.enter` does."""
    sid = socketio.server.manager.sid_from_eio_sid(wire.client.eio_sid, "/")
    assert sid in connections
    socketio.server.enter_room(sid, room, namespace="/")


@pytest.fixture
def made(cast: Cast) -> Livestream:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="lobby")
        make_agenda(db, livestream, "Welkom", "Vragen")
    return livestream


def act(cast: Cast, made: Livestream, action: Callable[..., object], *data: Any) -> None:
    anna = acting_as(cast.anna)
    with unit_of_work() as db:
        action(db, anna, get_livestream(db, made.id), *data)


def test_state_changes_reach_the_room_and_not_an_outsider(
    cast: Cast, made: Livestream, open_socket: OpenSocket
) -> None:
    bram, olga = open_socket(cast.bram), open_socket(cast.olga)
    enter(bram, f"livestream:{made.slug}")
    act(cast, made, transitions.start_livestream)
    (frame,) = bram.received("livestreams.state")
    assert frame == {
        "livestream": made.slug,
        "state": "live",
        "version": 2,
        "starts_at": made.starts_at.isoformat(),
        "nazit": True,
        "item": {"id": ANY, "title": "Welkom"},
        "source": {"provider": "hls", "ref": made.source_ref, "origin": "http://localhost:8000"},
    }
    send_to_person(cast.olga.id, "fence", {})
    assert olga.received() == [{}]


def test_state_frames_carry_note_and_item_and_no_source_after_the_end(
    cast: Cast, made: Livestream, open_socket: OpenSocket
) -> None:
    bram = open_socket(cast.bram)
    enter(bram, f"livestream:{made.slug}")
    act(cast, made, transitions.start_livestream)
    act(cast, made, transitions.begin_next_item, BeginItem())
    act(cast, made, transitions.pause_livestream, PauseLivestream(note="Even geduld"))
    act(cast, made, transitions.end_livestream)
    live, item, paused, ended = bram.received("livestreams.state")
    assert [frame["version"] for frame in (live, item, paused, ended)] == [2, 3, 4, 5]
    assert [frame["item"]["title"] for frame in (live, item)] == ["Welkom", "Vragen"]
    assert paused["note"] == "Even geduld"
    assert "source" in paused
    assert "source" not in ended
    assert "note" not in ended


def test_a_repeated_transition_is_not_broadcast(
    cast: Cast, made: Livestream, open_socket: OpenSocket
) -> None:
    bram = open_socket(cast.bram)
    enter(bram, f"livestream:{made.slug}")
    act(cast, made, transitions.return_to_lobby)
    send_to_person(cast.bram.id, "fence", {})
    assert bram.received() == [{}]
