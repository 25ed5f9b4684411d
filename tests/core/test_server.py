"""Beside the requests: rights that ended close sockets, one process holds an SQLite file."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import gevent
import pytest
from flask import Flask
from gevent.event import Event
from gevent.queue import SimpleQueue
from sqlalchemy import select

from events.accounts.models import SignIn
from events.core import clock, server
from events.core.config import Settings
from events.core.cooperative import MAX_HOLD_SECONDS
from events.core.db.session import unit_of_work
from events.core.realtime import connections, handlers
from events.core.server import DatabaseTaken, Revocation, act_on_ended_rights, revoke_sockets
from tests.support.cast import Cast
from tests.support.types import OpenSocket


def test_an_ended_sign_in_closes_its_sockets_and_no_others(cast: Cast, open_socket: OpenSocket) -> None:
    bram, chris = open_socket(cast.bram), open_socket(cast.chris)
    with unit_of_work() as db:
        sign_in = db.scalars(select(SignIn).where(SignIn.user_id == cast.bram.id)).one()
        revoke_sockets(db, sign_in_id=sign_in.id)
    act_on_ended_rights(clock.now() - timedelta(seconds=5))
    assert not bram.client.is_connected()
    assert chris.client.is_connected()


def test_someone_who_was_removed_closes_everywhere(cast: Cast, open_socket: OpenSocket) -> None:
    sockets = [open_socket(cast.bram), open_socket(cast.bram)]
    with unit_of_work() as db:
        revoke_sockets(db, person_id=cast.bram.id)
    act_on_ended_rights(clock.now() - timedelta(seconds=5))
    assert not any(socket.client.is_connected() for socket in sockets)


def test_leaving_a_room_takes_only_that_room(cast: Cast, open_socket: OpenSocket) -> None:
    bram = open_socket(cast.bram)
    (connection,) = [one for one in connections.connections.values() if one.person_id == cast.bram.id]
    connections.socketio.server.enter_room(connection.sid, "livestream:demo", "/")
    connection.rooms.add("livestream:demo")
    with unit_of_work() as db:
        revoke_sockets(db, person_id=cast.bram.id, room="livestream:demo")
    act_on_ended_rights(clock.now() - timedelta(seconds=5))
    handlers.broadcast("livestream:demo", "chat.entries", {})
    handlers.send_to_person(cast.bram.id, "fence", {"here": True})
    assert bram.received() == [{"here": True}]


def test_old_notes_of_ended_rights_are_swept_up(cast: Cast) -> None:
    with unit_of_work() as db:
        revoke_sockets(db, person_id=cast.bram.id)
        db.add(Revocation(at=clock.now() - timedelta(hours=1), person_id=cast.chris.id))
    server.sweep_ended_rights()
    with unit_of_work() as db:
        assert [right.person_id for right in db.scalars(select(Revocation))] == [cast.bram.id]


def test_a_second_process_on_the_same_file_refuses_to_start(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/x.db")
    server._hold_database(settings)
    with pytest.raises(DatabaseTaken, match="in use by another process"):
        server._hold_database(settings)


def test_who_waits_has_a_turn_between_two_tellings(app: Flask, settings: Settings) -> None:
    """A round of a hundred people tells fifty coffees; a page in between must not wait for all of them."""
    order: list[str] = []

    def tell(number: int) -> None:
        order.append(f"told {number}")
        if number == 1:
            gevent.spawn(order.append, "a page")
        begun = time.monotonic()
        while time.monotonic() - begun < MAX_HOLD_SECONDS:  # as long as it takes to keep others waiting
            pass

    work: SimpleQueue[Callable[[], None]] = SimpleQueue()
    for number in (1, 2):
        work.put(partial(tell, number))
    told = Event()
    work.put(told.set)
    telling = gevent.spawn(server._dispatch, app, settings, work)
    told.wait()
    telling.kill()
    assert order == ["told 1", "a page", "told 2"]
