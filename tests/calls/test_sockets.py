"""Tests of call frames: participants only, one seat each, no leaks to others."""

from datetime import timedelta

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select

from events.calls.models import CallStay
from events.coffees.models import Coffee
from events.core import clock, rate_limits
from events.core.db.session import unit_of_work
from events.core.realtime.connections import socketio
from events.core.realtime.handlers import send_to_person
from tests.factories.accounts import make_key
from tests.factories.coffees import make_coffee
from tests.support.cast import Cast
from tests.support.clients import Ack
from tests.support.types import OpenPage, OpenSocket, SetClock

OFFER = {"type": "offer", "sdp": "v=0\r\n"}
ANSWER = {"type": "answer", "sdp": "v=0\r\n"}
CANDIDATE = {"candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host", "sdpMid": "0", "sdpMLineIndex": 0}
FRAMES: list[tuple[str, dict[str, object]]] = [
    ("calls.enter", {}),
    ("calls.signal", {"epoch": 1, "description": OFFER}),
    ("calls.connected", {}),
    ("calls.leave", {}),
]


@pytest.fixture
def coffee(cast: Cast, set_clock: SetClock) -> Coffee:
    """Bram and Dana have an online coffee now."""
    with unit_of_work() as db:
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed", starts_at=clock.now())


@pytest.mark.parametrize(("frame", "fields"), FRAMES)
def test_an_outsider_cannot_use_a_frame_of_the_call(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket, frame: str, fields: dict[str, object]
) -> None:
    for person in (cast.olga, cast.chris, cast.anna, None):
        ack = open_socket(person).send(frame, coffee=coffee.id, **fields)
        assert (ack.ok, ack.status) == (False, 404)


def test_both_learn_of_each_other_and_exactly_one_gives_way(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    bram, dana = open_socket(cast.bram), open_socket(cast.dana)
    first = bram.send("calls.enter", coffee=coffee.id)
    assert [peer["present"] for peer in first["peers"]] == [False]
    second = dana.send("calls.enter", coffee=coffee.id)
    (seen,) = second["peers"]
    (told,) = bram.received("calls.peer")
    assert (seen["name"], seen["present"]) == ("Bram", True)
    assert told["epoch"] == seen["epoch"] == 2
    assert told["present"] is True
    assert told["polite"] is not seen["polite"]


def test_signals_reach_the_other_and_nobody_else(cast: Cast, coffee: Coffee, open_socket: OpenSocket) -> None:
    bram, dana, olga, anna = (
        open_socket(cast.bram),
        open_socket(cast.dana),
        open_socket(cast.olga),
        open_socket(cast.anna),
    )
    bram.send("calls.enter", coffee=coffee.id)
    dana.send("calls.enter", coffee=coffee.id)
    bram.received()
    assert bram.send("calls.signal", coffee=coffee.id, epoch=2, description=OFFER).ok
    assert dana.received("calls.signal") == [
        {"coffee": coffee.id, "epoch": 2, "seat": 0, "relay_only": False, "description": OFFER}
    ]
    assert dana.send("calls.signal", coffee=coffee.id, epoch=2, candidate=CANDIDATE).ok
    assert [frame["candidate"] for frame in bram.received("calls.signal")] == [CANDIDATE]
    for outsider, person in ((olga, cast.olga), (anna, cast.anna)):
        send_to_person(person.id, "fence", {})
        assert outsider.client.get_received() == [{"name": "fence", "args": [{}], "namespace": "/"}]


def test_an_old_epoch_is_not_passed_on(cast: Cast, coffee: Coffee, open_socket: OpenSocket) -> None:
    bram, dana = open_socket(cast.bram), open_socket(cast.dana)
    bram.send("calls.enter", coffee=coffee.id)
    dana.send("calls.enter", coffee=coffee.id)
    dana.received()
    for epoch in (1, 3):
        ack = bram.send("calls.signal", coffee=coffee.id, epoch=epoch, description=OFFER)
        assert (ack.status, ack["error"]) == (409, "call_moved_on")
    assert dana.received("calls.signal") == []


def test_nobody_signals_before_entering(cast: Cast, coffee: Coffee, open_socket: OpenSocket) -> None:
    ack = open_socket(cast.bram).send("calls.signal", coffee=coffee.id, epoch=1, description=OFFER)
    assert (ack.status, ack["error"]) == (409, "call_not_entered")


def test_a_second_tab_takes_over_and_the_first_is_notified(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    first, dana = open_socket(cast.bram), open_socket(cast.dana)
    stay = first.send("calls.enter", coffee=coffee.id)["stay"]
    dana.send("calls.enter", coffee=coffee.id)
    dana.received()
    second = open_socket(cast.bram)
    entered = second.send("calls.enter", coffee=coffee.id)
    assert first.received("calls.replaced") == [{"coffee": coffee.id}]
    assert second.received("calls.replaced") == []
    assert dana.received("calls.peer")[0]["epoch"] == entered["stay"] == 3
    refused = first.send("calls.signal", coffee=coffee.id, epoch=3, description=OFFER)
    assert refused["error"] == "call_replaced"
    assert first.send("calls.enter", coffee=coffee.id, stay=stay)["error"] == "call_replaced"
    first.send("calls.leave", coffee=coffee.id)
    assert dana.received("calls.peer") == []


def test_a_socket_that_comes_back_keeps_the_call(cast: Cast, coffee: Coffee, open_socket: OpenSocket) -> None:
    bram, dana = open_socket(cast.bram), open_socket(cast.dana)
    stay = bram.send("calls.enter", coffee=coffee.id)["stay"]
    dana.send("calls.enter", coffee=coffee.id)
    dana.received()
    bram.close()
    (gone,) = dana.received("calls.peer")
    assert (gone["present"], gone["hung_up"]) == (False, False)
    again = open_socket(cast.bram).send("calls.enter", coffee=coffee.id, stay=stay)
    (back,) = dana.received("calls.peer")
    assert (again["stay"], back["present"], back["epoch"]) == (stay, True, 2)


def test_hanging_up_is_reported_as_hang_up(cast: Cast, coffee: Coffee, open_socket: OpenSocket) -> None:
    bram, dana = open_socket(cast.bram), open_socket(cast.dana)
    bram.send("calls.enter", coffee=coffee.id)
    dana.send("calls.enter", coffee=coffee.id)
    dana.received()
    assert bram.send("calls.leave", coffee=coffee.id).ok
    (gone,) = dana.received("calls.peer")
    assert (gone["present"], gone["hung_up"]) == (False, True)
    assert bram.send("calls.leave", coffee=coffee.id).ok
    assert dana.received("calls.peer") == []


def test_attendance_records_participants_and_their_start(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket, set_clock: SetClock
) -> None:
    bram = open_socket(cast.bram)
    entered_at = clock.now()
    bram.send("calls.enter", coffee=coffee.id)
    connected_at = set_clock(timedelta(seconds=5))
    bram.send("calls.connected", coffee=coffee.id)
    set_clock(timedelta(minutes=1))
    bram.send("calls.connected", coffee=coffee.id)
    left_at = set_clock(timedelta(minutes=20))
    bram.send("calls.leave", coffee=coffee.id)
    with unit_of_work() as db:
        (stay,) = db.scalars(select(CallStay))
    assert (stay.user_id, stay.entered_at, stay.connected_at, stay.left_at) == (
        cast.bram.id,
        entered_at,
        connected_at,
        left_at,
    )


@pytest.mark.parametrize(
    ("after_start", "open_then"),
    [(-16, False), (-15, True), (90, True), (91, False)],
)
def test_the_call_opens_and_closes_by_the_clock(
    cast: Cast,
    coffee: Coffee,
    open_socket: OpenSocket,
    set_clock: SetClock,
    after_start: int,
    open_then: bool,
) -> None:
    set_clock(coffee.starts_at + timedelta(minutes=after_start))
    ack = open_socket(cast.bram).send("calls.enter", coffee=coffee.id)
    assert ack.ok is open_then
    assert open_then or ack["error"] == "call_closed"


@pytest.mark.parametrize(
    ("state", "form"), [("proposed", "online"), ("cancelled", "online"), ("confirmed", "phone")]
)
def test_only_a_confirmed_online_coffee_has_a_call(
    cast: Cast, set_clock: SetClock, open_socket: OpenSocket, state: str, form: str
) -> None:
    with unit_of_work() as db:
        other = make_coffee(
            db, cast.circle, [cast.bram, cast.dana], state=state, form=form, starts_at=clock.now()
        )
    assert open_socket(cast.bram).send("calls.enter", coffee=other.id).status == 404


def test_a_key_of_this_coffee_suffices_and_that_of_another_does_not(
    cast: Cast, coffee: Coffee, page: OpenPage
) -> None:
    with unit_of_work() as db:
        other = make_coffee(db, cast.circle, [cast.bram, cast.chris], starts_at=clock.now())
        keys = [make_key(db, cast.bram, "coffee", one.id) for one in (coffee, other)]
    for key, status in ((keys[0], 200), (keys[1], 404)):
        browser = page(None)
        with browser.client.session_transaction() as session:
            session["keys"] = [key.id]
        socket = socketio.test_client(browser.app, flask_test_client=browser.client)
        ack = socket.emit("calls.enter", {"coffee": coffee.id}, callback=True)
        assert ack.get("status", 200) == status
        socket.disconnect()


def test_a_browser_offers_a_bounded_number_of_addresses(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    bram, dana = open_socket(cast.bram), open_socket(cast.dana)
    bram.send("calls.enter", coffee=coffee.id)
    dana.send("calls.enter", coffee=coffee.id)
    acks = [bram.send("calls.signal", coffee=coffee.id, epoch=2, candidate=CANDIDATE) for _ in range(65)]
    assert [ack.ok for ack in acks] == [True] * 64 + [False]
    assert len(dana.received("calls.signal")) == 64
    assert dana.send("calls.signal", coffee=coffee.id, epoch=2, candidate=CANDIDATE).ok


def test_descriptions_come_at_a_bounded_rate(cast: Cast, coffee: Coffee, open_socket: OpenSocket) -> None:
    bram, dana = open_socket(cast.bram), open_socket(cast.dana)
    bram.send("calls.enter", coffee=coffee.id)
    dana.send("calls.enter", coffee=coffee.id)
    rate_limits.configure(None, enabled=True)
    try:
        acks = [bram.send("calls.signal", coffee=coffee.id, epoch=2, description=OFFER) for _ in range(41)]
    finally:
        rate_limits.configure(None, enabled=False)
    assert [ack.ok for ack in acks] == [True] * 40 + [False]
    assert acks[-1].status == 429


def test_three_people_each_reach_the_one_they_mean(
    cast: Cast, set_clock: SetClock, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        trio = make_coffee(
            db, cast.circle, [cast.bram, cast.chris, cast.dana], state="confirmed", starts_at=clock.now()
        )
    bram, chris, dana = open_socket(cast.bram), open_socket(cast.chris), open_socket(cast.dana)
    for socket in (bram, chris, dana):
        entered = socket.send("calls.enter", coffee=trio.id)
    assert [(peer["name"], peer["epoch"]) for peer in entered["peers"]] == [("Bram", 3), ("Chris", 3)]
    for socket in (bram, chris):
        socket.received()
    assert dana.send("calls.signal", coffee=trio.id, epoch=3, seat=1, description=OFFER).ok
    assert [frame["seat"] for frame in chris.received("calls.signal")] == [2]
    assert bram.received("calls.signal") == []
    assert dana.send("calls.signal", coffee=trio.id, epoch=3, description=OFFER).status == 409
    assert dana.send("calls.signal", coffee=trio.id, epoch=3, seat=2, description=OFFER).status == 409


def test_a_decliner_of_a_trio_cannot_join_its_call(
    cast: Cast, set_clock: SetClock, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        trio = make_coffee(
            db,
            cast.circle,
            [cast.bram, cast.chris, cast.dana],
            state="confirmed",
            starts_at=clock.now(),
            answers={"Chris": "no"},
        )
    assert open_socket(cast.chris).send("calls.enter", coffee=trio.id).status == 404
    assert [peer["name"] for peer in open_socket(cast.bram).send("calls.enter", coffee=trio.id)["peers"]] == [
        "Dana"
    ]


def test_first_meetings_use_the_relay_when_one_is_configured(
    app: Flask, cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    plain = open_socket(cast.bram).send("calls.enter", coffee=coffee.id)
    plain = open_socket(cast.bram).send("calls.enter", coffee=coffee.id)
    assert (plain["ice_servers"], relay_only(plain)) == ([], False)
    kept = app.config["SETTINGS"]
    changes = {
        "turn_urls": "turn:relay.example:3478",
        "turn_secret": SecretStr("north"),
        "stun_urls": "stun:s.example",
    }
    app.config["SETTINGS"] = kept.model_copy(update=changes)
    try:
        first = open_socket(cast.bram).send("calls.enter", coffee=coffee.id)
        with unit_of_work() as db:
            make_coffee(db, cast.circle, [cast.dana, cast.bram], state="met")
        later = open_socket(cast.bram).send("calls.enter", coffee=coffee.id)
    finally:
        app.config["SETTINGS"] = kept
    stun, turn = first["ice_servers"]
    expiry, _, opaque = turn["username"].partition(":")
    assert stun == {"urls": ["stun:s.example"]}
    assert int(expiry) == int((coffee.starts_at + timedelta(minutes=45)).timestamp())
    assert cast.bram.id not in opaque
    assert (relay_only(first), relay_only(later)) == (True, False)


def relay_only(entered: Ack) -> bool:
    (peer,) = entered["peers"]
    return bool(peer["relay_only"])
