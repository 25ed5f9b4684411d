"""Socket.IO rooms: a client leaves all its rooms, at a cost independent of other rooms."""

from typing import Any

import pytest
import socketio
from socketio import Manager
from typing_extensions import override

from events.core.realtime.broadcast_manager import Fanout


def filled(manager: Manager, clients: int) -> list[str]:
    """Clients who are connected, each in the hall and every second one in the kitchen."""
    manager.set_server(socketio.Server(client_manager=manager))
    found = []
    for number in range(clients):
        sid = manager.connect(f"line {number}", "/")
        manager.enter_room(sid, "/", "hall")
        if number % 2:
            manager.enter_room(sid, "/", "kitchen")
        found.append(sid)
    return found


@pytest.mark.parametrize("make", [Manager, Fanout])
def test_a_disconnected_client_is_in_no_room_and_may_reconnect(make: type[Manager]) -> None:
    manager = make()
    first, second, third = filled(manager, 3)
    manager.leave_room(first, "/", "hall")
    manager.pre_disconnect(second, "/")
    manager.disconnect(second, "/")
    assert set(manager.rooms["/"]) == {None, first, third, "hall"}
    assert list(manager.rooms["/"]["hall"]) == [third]
    assert not manager.is_connected(second, "/")
    assert manager.is_connected(third, "/")
    assert not manager.pending_disconnect
    again = manager.connect("line 1", "/")
    assert manager.is_connected(again, "/")
    for sid in (first, third, again):
        manager.disconnect(sid, "/")
    assert manager.rooms == {}


def test_a_disconnect_visits_only_the_clients_own_rooms() -> None:
    class Counted(dict[Any, Any]):
        looked = 0

        @override
        def __getitem__(self, room: Any) -> Any:
            Counted.looked += 1
            return super().__getitem__(room)

        @override
        def copy(self) -> dict[Any, Any]:
            Counted.looked += len(self)
            return dict(self)

    manager = Fanout()
    gone = filled(manager, 200)[7]
    manager.rooms["/"] = Counted(manager.rooms["/"])
    manager.disconnect(gone, "/")
    assert Counted.looked < 20
    assert not manager._rooms_of.get(("/", gone))
