"""Revocations: each one closes the sockets or leaves the rooms that it names, and no others."""

from datetime import timedelta

from sqlalchemy import select

from events.accounts.models import SignIn
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.realtime import connections, handlers
from events.core.realtime.revocations import (
    Revocation,
    apply_revocations,
    revoke_sockets,
    sweep_revocations,
)
from tests.support.cast import Cast
from tests.support.types import OpenSocket


def test_a_revoked_sign_in_closes_its_sockets_only(cast: Cast, open_socket: OpenSocket) -> None:
    bram, chris = open_socket(cast.bram), open_socket(cast.chris)
    with unit_of_work() as db:
        sign_in = db.scalars(select(SignIn).where(SignIn.user_id == cast.bram.id)).one()
        revoke_sockets(db, sign_in_id=sign_in.id)
    apply_revocations(clock.now() - timedelta(seconds=5))
    assert not bram.client.is_connected()
    assert chris.client.is_connected()


def test_a_revoked_person_loses_all_sockets(cast: Cast, open_socket: OpenSocket) -> None:
    sockets = [open_socket(cast.bram), open_socket(cast.bram)]
    with unit_of_work() as db:
        revoke_sockets(db, person_id=cast.bram.id)
    apply_revocations(clock.now() - timedelta(seconds=5))
    assert not any(socket.client.is_connected() for socket in sockets)


def test_a_revoked_room_is_left_and_the_socket_stays_open(cast: Cast, open_socket: OpenSocket) -> None:
    bram = open_socket(cast.bram)
    (connection,) = [
        socket for socket in connections.connections.values() if socket.person_id == cast.bram.id
    ]
    connections.socketio.server.enter_room(connection.sid, "livestream:demo", "/")
    connection.rooms.add("livestream:demo")
    with unit_of_work() as db:
        revoke_sockets(db, person_id=cast.bram.id, room="livestream:demo")
    apply_revocations(clock.now() - timedelta(seconds=5))
    handlers.broadcast("livestream:demo", "chat.entries", {})
    handlers.send_to_person(cast.bram.id, "fence", {"here": True})
    assert bram.received() == [{"here": True}]


def test_old_revocations_are_deleted(cast: Cast) -> None:
    with unit_of_work() as db:
        revoke_sockets(db, person_id=cast.bram.id)
        db.add(Revocation(at=clock.now() - timedelta(hours=1), person_id=cast.chris.id))
    sweep_revocations()
    with unit_of_work() as db:
        assert [revocation.person_id for revocation in db.scalars(select(Revocation))] == [cast.bram.id]
