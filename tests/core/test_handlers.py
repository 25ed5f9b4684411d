"""Frame dispatch: forged and malformed frames, rate limits, and rooms that close."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from events.accounts.models import SignIn, User
from events.circles.actions.members import remove_member
from events.coffees.actions.responses import cancel_coffee
from events.coffees.queries.coffees import get_coffee
from events.core import clock, rate_limits
from events.core.db.session import unit_of_work
from events.core.realtime import connections, handlers
from events.core.realtime.revocations import apply_revocations
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.clients import SocketClient
from tests.support.types import OpenPage, OpenSocket

UNREADABLE = ("2", "2[]", '2["connect",{}]', '2["disconnect","evil"]', "51-[]", '2/admin,["x",{}]', "9")


@pytest.fixture
def limited() -> Iterator[None]:
    rate_limits.configure(None, enabled=True)
    yield
    rate_limits.configure(None, enabled=False)


def send_raw(socket: SocketClient, packet: str) -> None:
    connections.socketio.server._handle_eio_message(socket.client.eio_sid, packet)


def look() -> None:
    apply_revocations(clock.now() - timedelta(seconds=5))


def hears(socket: SocketClient, who: User, room: str) -> bool:
    """Whether a broadcast in the room reaches this socket; a frame to the person proves the line."""
    socket.received()
    handlers.broadcast(room, "told", {"room": room})
    handlers.send_to_person(who.id, "fence", {})
    names = [frame["name"] for frame in socket.client.get_received()]
    assert names[-1] == "fence"
    return "told" in names


@pytest.mark.parametrize("packet", UNREADABLE)
def test_a_forged_packet_changes_no_room(cast: Cast, open_socket: OpenSocket, packet: str) -> None:
    bram = open_socket(cast.bram)
    before = dict(connections.connections)
    send_raw(bram, packet)
    assert bram.client.is_connected()
    assert connections.connections == before


def test_too_many_malformed_frames_close_the_socket(cast: Cast, open_socket: OpenSocket) -> None:
    bram, chris = open_socket(cast.bram), open_socket(cast.chris)
    for _ in range(handlers.MAX_MALFORMED_FRAMES - 1):
        send_raw(bram, "2[]")
    assert bram.client.is_connected()
    send_raw(bram, "2[]")
    assert not bram.client.is_connected()
    assert chris.client.is_connected()


@pytest.mark.usefixtures("limited")
def test_one_socket_may_not_flood(cast: Cast, open_socket: OpenSocket) -> None:
    bram = open_socket(cast.bram)
    answers = [bram.send("chat.leave", room="livestream:none").status for _ in range(301)]
    assert answers == [200] * 300 + [429]
    assert open_socket(cast.chris).send("chat.leave", room="livestream:none").ok


@pytest.mark.usefixtures("limited")
def test_one_person_may_not_open_sockets_without_end(cast: Cast, open_socket: OpenSocket) -> None:
    opened = [open_socket(cast.bram).client.is_connected() for _ in range(61)]
    assert opened == [True] * 60 + [False]
    assert open_socket(cast.chris).client.is_connected()


def test_an_ended_sign_in_counts_within_a_second(
    cast: Cast, open_socket: OpenSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [1000.0]
    monkeypatch.setattr(connections, "ACTOR_TTL_SECONDS", 1.0)
    monkeypatch.setattr("time.monotonic", lambda: moment[0])
    with unit_of_work() as db:
        slug = make_livestream(db, cast.circle, cast.anna, state="live").slug
    bram, room = open_socket(cast.bram), f"livestream:{slug}"
    with unit_of_work() as db:
        db.execute(update(SignIn).where(SignIn.user_id == cast.bram.id).values(ended_at=clock.now()))
    moment[0] += 0.9
    assert bram.send("chat.enter", room=room).ok
    moment[0] += 0.2
    assert bram.send("chat.enter", room=room).status == 404


def test_a_removed_member_gets_no_more_broadcasts_of_the_room(cast: Cast, open_socket: OpenSocket) -> None:
    with unit_of_work() as db:
        slug = make_livestream(db, cast.circle, cast.anna, state="live").slug
    bram, room = open_socket(cast.bram), f"livestream:{slug}"
    assert bram.send("chat.enter", room=room).ok
    assert hears(bram, cast.bram, room)
    with unit_of_work() as db:
        remove_member(db, person(cast.anna), db.merge(cast.circle), cast.bram.id)
    look()
    assert not hears(bram, cast.bram, room)
    assert bram.send("chat.enter", room=room).status == 404


def test_a_former_participant_gets_no_more_broadcasts(cast: Cast, open_socket: OpenSocket) -> None:
    three = [cast.bram, cast.chris, cast.dana]
    with unit_of_work() as db:
        coffee_id = make_coffee(db, cast.circle, three, state="confirmed").id
    bram, chris, room = open_socket(cast.bram), open_socket(cast.chris), f"coffee:{coffee_id}"
    assert bram.send("chat.enter", room=room).ok
    assert chris.send("chat.enter", room=room).ok
    with unit_of_work() as db:
        cancel_coffee(db, person(cast.bram), get_coffee(db, coffee_id))
    look()
    assert not hears(bram, cast.bram, room)
    assert hears(chris, cast.chris, room)


def test_a_room_that_closes_to_visitors_has_none_left(
    page: OpenPage, cast: Cast, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        slug = make_livestream(db, cast.circle, cast.anna, title="Open avond", audience="public").slug
    olga, room = open_socket(cast.olga), f"livestream:{slug}"
    assert olga.send("chat.enter", room=room).ok
    assert hears(olga, cast.olga, room)
    changed = {"title": "Open avond", "day": "2031-05-01", "hour": "20:00", "audience": "members"}
    assert page(cast.anna).post(f"/livestreams/{slug}/edit", **changed).status_code == 303
    look()
    assert not hears(olga, cast.olga, room)
