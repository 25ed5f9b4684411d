"""Tests of extensions by agreement, and of recorded technical trouble."""

import pytest

from events.calls import queries
from events.coffees.models import Coffee
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.realtime.handlers import send_to_person
from tests.factories.coffees import make_coffee
from tests.support.cast import Cast
from tests.support.clients import SocketClient
from tests.support.types import OpenPage, OpenSocket, SetClock

pytestmark = pytest.mark.postgres


@pytest.fixture
def coffee(cast: Cast, set_clock: SetClock) -> Coffee:
    """Bram and Dana have an online coffee now."""
    with unit_of_work() as db:
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed", starts_at=clock.now())


def both_enter(cast: Cast, coffee: Coffee, open_socket: OpenSocket) -> tuple[SocketClient, SocketClient]:
    bram, dana = open_socket(cast.bram), open_socket(cast.dana)
    for socket in (bram, dana):
        assert socket.send("calls.enter", coffee=coffee.id)["more"] == {"agreed": 0, "own": 0}
    bram.received()
    dana.received()
    return bram, dana


def test_ten_minutes_are_added_once_both_would(cast: Cast, coffee: Coffee, open_socket: OpenSocket) -> None:
    bram, dana = both_enter(cast, coffee, open_socket)
    assert bram.send("calls.more", coffee=coffee.id, times=1)["agreed"] == 0
    assert dana.received("calls.more") == [{"coffee": coffee.id, "agreed": 0, "theirs": True}]
    assert bram.received("calls.more") == [{"coffee": coffee.id, "agreed": 0, "theirs": False}]
    assert dana.send("calls.more", coffee=coffee.id, times=1)["agreed"] == 1
    assert bram.received("calls.more") == [{"coffee": coffee.id, "agreed": 1, "theirs": True}]


def test_asking_twice_is_asking_once_and_nobody_runs_ahead(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    bram, dana = both_enter(cast, coffee, open_socket)
    bram.send("calls.more", coffee=coffee.id, times=3)
    bram.send("calls.more", coffee=coffee.id, times=1)
    assert len(dana.received("calls.more")) == 1
    assert dana.send("calls.more", coffee=coffee.id, times=1)["agreed"] == 1
    assert dana.send("calls.more", coffee=coffee.id, times=2)["agreed"] == 1
    assert bram.send("calls.more", coffee=coffee.id, times=4).status == 422


def test_a_page_that_loads_again_knows_what_was_agreed(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    for socket in both_enter(cast, coffee, open_socket):
        socket.send("calls.more", coffee=coffee.id, times=1)
    assert open_socket(cast.bram).send("calls.enter", coffee=coffee.id)["more"] == {"agreed": 1, "own": 1}


def test_an_outsider_neither_requests_nor_receives_an_extension(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    olga = open_socket(cast.olga)
    bram, _dana = both_enter(cast, coffee, open_socket)
    for frame, fields in (("calls.more", {"times": 1}), ("calls.trouble", {"kind": "no_connection"})):
        assert olga.send(frame, coffee=coffee.id, **fields).status == 404
    assert bram.send("calls.more", coffee=coffee.id, times=1).ok
    send_to_person(cast.olga.id, "fence", {})
    assert olga.received() == [{}]


def test_a_talk_of_an_aftertalk_is_never_extended(
    cast: Cast, set_clock: SetClock, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        talk = make_coffee(
            db, cast.circle, [cast.bram, cast.dana], state="confirmed", starts_at=clock.now(), minutes=8
        )
        talk.kind = "talk"
    bram, _dana = both_enter(cast, talk, open_socket)
    assert bram.send("calls.more", coffee=talk.id, times=1)["error"] == "call_no_more"


def test_trouble_is_kept_as_such_unless_they_were_heard_after_all(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket, page: OpenPage
) -> None:
    bram, dana = both_enter(cast, coffee, open_socket)
    assert bram.send("calls.trouble", coffee=coffee.id, kind="no_connection").ok
    with unit_of_work() as db:
        assert queries.had_trouble(db, coffee.id)
    asked, blames_nobody = page(cast.dana), "The technique got in the way. That's nobody's fault"
    said = asked.main(f"/coffees/{coffee.id}/outcome")
    assert blames_nobody in said
    assert said.index("Another time") < said.index("Did it take place?")
    dana.send("calls.connected", coffee=coffee.id)
    with unit_of_work() as db:
        assert not queries.had_trouble(db, coffee.id)
    assert blames_nobody not in asked.main(f"/coffees/{coffee.id}/outcome")
