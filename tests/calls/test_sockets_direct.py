"""Tests of direct connections: no address passes before both consented, and single answers stay private."""

from collections.abc import Iterator

import pytest
from flask import Flask
from pydantic import SecretStr

from events.accounts.models import User
from events.calls import rules
from events.coffees.models import Coffee
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.ops.turn_check import TurnCheck
from events.core.realtime.handlers import send_to_person
from tests.factories.coffees import make_coffee
from tests.support.cast import Cast
from tests.support.clients import SocketClient
from tests.support.types import OpenSocket, SetClock

pytestmark = pytest.mark.postgres

URL = "turn:relay.example:3478"
RELAY = "candidate:3 1 udp 41885439 203.0.113.7 51000 typ relay raddr 198.51.100.4 rport 40000 generation 0"
BLANKED = RELAY.replace("198.51.100.4 rport 40000", "0.0.0.0 rport 9")
HOST = "candidate:1 1 udp 2122260223 198.51.100.4 40000 typ host generation 0"
SEEN = "candidate:2 1 udp 1686052607 198.51.100.4 40000 typ srflx raddr 10.0.0.2 rport 40000"
ADDRESSES = [
    HOST,
    SEEN,
    f"a={HOST}",
    HOST.replace("typ host", "typ host typ relay"),
    HOST.replace("candidate", "CANDIDATE"),
    f" {HOST}",
    f"{RELAY}\r\na={HOST}",
    "candidate:1",
]


@pytest.fixture
def coffee(cast: Cast, set_clock: SetClock) -> Coffee:
    """Bram and Dana, who never met, have an online coffee now."""
    with unit_of_work() as db:
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed", starts_at=clock.now())


@pytest.fixture(autouse=True)
def relays(app: Flask) -> Iterator[None]:
    kept = app.config["SETTINGS"]
    changes = {"turn_urls": URL, "turn_secret": SecretStr("north"), "stun_urls": ""}
    app.config["SETTINGS"] = kept.model_copy(update=changes)
    yield
    app.config["SETTINGS"] = kept


def enter(socket: SocketClient, coffee: Coffee, **fields: object) -> bool:
    """Whether the peer may be reached by relay only."""
    (peer,) = socket.send("calls.enter", coffee=coffee.id, **fields)["peers"]
    return bool(peer["relay_only"])


def both_enter(cast: Cast, coffee: Coffee, open_socket: OpenSocket) -> tuple[SocketClient, SocketClient]:
    bram, dana = open_socket(cast.bram), open_socket(cast.dana)
    assert enter(bram, coffee)
    assert enter(dana, coffee)
    bram.received()
    dana.received()
    return bram, dana


def say(socket: SocketClient, coffee: Coffee, line: str, *, epoch: int = 2) -> str | None:
    """Send one candidate; the error code if refused."""
    ack = socket.send("calls.signal", coffee=coffee.id, epoch=epoch, candidate={"candidate": line})
    return None if ack.ok else str(ack["error"])


def fence(*people: User) -> None:
    for user in people:
        send_to_person(user.id, "fence", {})


@pytest.mark.parametrize("line", ADDRESSES)
def test_no_address_passes_where_a_relay_is_required(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket, line: str
) -> None:
    bram, dana = both_enter(cast, coffee, open_socket)
    assert say(bram, coffee, line) == "call_relay_only"
    described = {"type": "offer", "sdp": f"v=0\r\na=mid:0\r\n{line}\r\n"}
    assert not bram.send("calls.signal", coffee=coffee.id, epoch=2, description=described).ok
    assert dana.received() == []


def test_a_relay_passes_without_the_address_that_asked_for_it(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    bram, dana = both_enter(cast, coffee, open_socket)
    sdp = f"v=0\r\na={RELAY}\r\na=end-of-candidates\r\n"
    assert say(bram, coffee, RELAY) is None
    assert say(bram, coffee, "") is None
    assert bram.send("calls.signal", coffee=coffee.id, epoch=2, description={"type": "offer", "sdp": sdp}).ok
    first, last, offer = dana.received("calls.signal")
    assert first["candidate"] == {"candidate": BLANKED}
    assert last["candidate"] == {"candidate": ""}
    assert offer["description"]["sdp"] == f"v=0\r\na={BLANKED}\r\na=end-of-candidates\r\n"
    assert first["relay_only"] is True


def test_a_one_sided_consent_reveals_no_address_and_is_not_broadcast(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    bram, dana = both_enter(cast, coffee, open_socket)
    ack = bram.send("calls.direct", coffee=coffee.id, agree=True)
    assert [peer["relay_only"] for peer in ack["peers"]] == [True]
    assert say(bram, coffee, HOST) == say(dana, coffee, HOST) == "call_relay_only"
    assert dana.send("calls.direct", coffee=coffee.id, agree=False).ok
    assert bram.send("calls.direct", coffee=coffee.id, agree=False).ok
    fence(cast.bram, cast.dana)
    assert (bram.received(), dana.received()) == ([{}], [{}])


def test_a_page_that_claims_consent_on_entering_speaks_for_itself_alone(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    bram, dana = open_socket(cast.bram), open_socket(cast.dana)
    assert enter(bram, coffee, direct=True)
    assert enter(dana, coffee)
    assert say(bram, coffee, HOST) == say(dana, coffee, HOST) == "call_relay_only"


def test_once_both_agreed_they_begin_anew_and_addresses_pass(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    bram, dana = both_enter(cast, coffee, open_socket)
    bram.send("calls.direct", coffee=coffee.id, agree=True)
    ack = dana.send("calls.direct", coffee=coffee.id, agree=True)
    assert ack["stay"] == 3
    assert [(peer["epoch"], peer["relay_only"]) for peer in ack["peers"]] == [(3, False)]
    (told,) = bram.received("calls.peer")
    assert (told["epoch"], told["relay_only"], told["present"]) == (3, False, True)
    assert say(bram, coffee, HOST) == "call_moved_on"  # of the epoch before
    assert say(bram, coffee, HOST, epoch=3) is None
    assert say(dana, coffee, SEEN, epoch=3) is None
    assert [frame["relay_only"] for frame in bram.received("calls.signal")] == [False]


def test_consent_ends_with_the_page_it_was_given_on(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    bram, dana = both_enter(cast, coffee, open_socket)
    for socket in (bram, dana):
        socket.send("calls.direct", coffee=coffee.id, agree=True)
    assert enter(open_socket(cast.bram), coffee)  # on another device
    assert dana.received("calls.peer")[-1]["relay_only"] is True
    assert not enter(open_socket(cast.bram), coffee, direct=True)  # the page that asked, loaded again


def test_a_page_whose_socket_dropped_keeps_what_was_agreed(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    bram, dana = both_enter(cast, coffee, open_socket)
    bram.send("calls.direct", coffee=coffee.id, agree=True)
    stay = dana.send("calls.direct", coffee=coffee.id, agree=True)["stay"]
    assert not enter(open_socket(cast.dana), coffee, stay=stay)


def test_consent_can_be_taken_back_until_the_other_agrees(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    bram, dana = both_enter(cast, coffee, open_socket)
    bram.send("calls.direct", coffee=coffee.id, agree=True)
    bram.send("calls.direct", coffee=coffee.id, agree=False)
    ack = dana.send("calls.direct", coffee=coffee.id, agree=True)
    assert [peer["relay_only"] for peer in ack["peers"]] == [True]


def test_in_a_trio_only_two_consenting_people_connect_directly(
    cast: Cast, set_clock: SetClock, open_socket: OpenSocket
) -> None:
    three = [cast.bram, cast.chris, cast.dana]
    with unit_of_work() as db:
        trio = make_coffee(db, cast.circle, three, state="confirmed", starts_at=clock.now())
    bram, chris, dana = (open_socket(person) for person in three)
    for socket in (bram, chris, dana):
        socket.send("calls.enter", coffee=trio.id)
    bram.send("calls.direct", coffee=trio.id, agree=True)
    ack = dana.send("calls.direct", coffee=trio.id, agree=True)
    assert {peer["name"]: peer["relay_only"] for peer in ack["peers"]} == {"Bram": False, "Chris": True}
    refused = dana.send("calls.signal", coffee=trio.id, epoch=4, seat=1, candidate={"candidate": HOST})
    assert refused["error"] == "call_relay_only"


def test_a_browser_without_a_relay_has_both_asked(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    bram, dana = both_enter(cast, coffee, open_socket)
    for _time in range(2):
        assert dana.send("calls.trouble", coffee=coffee.id, kind="no_relay").ok
    assert bram.received("calls.no_relay") == dana.received("calls.no_relay") == [{"coffee": coffee.id}]
    dana.send("calls.leave", coffee=coffee.id)
    assert open_socket(cast.dana).send("calls.enter", coffee=coffee.id)["relay_missed"] is False
    bram.send("calls.trouble", coffee=coffee.id, kind="no_relay")
    assert open_socket(cast.dana).send("calls.enter", coffee=coffee.id)["relay_missed"] is True


def test_relays_that_we_could_not_reach_either_are_named_on_entering(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    assert open_socket(cast.bram).send("calls.enter", coffee=coffee.id)["relay_down"] is False
    with unit_of_work() as db:
        db.add(TurnCheck(url=URL, checked_at=clock.now(), worked_at=None, trouble="is silent"))
    assert open_socket(cast.bram).send("calls.enter", coffee=coffee.id)["relay_down"] is True


def test_an_outsider_neither_consents_nor_learns_that_a_relay_is_missing(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    olga, chris = open_socket(cast.olga), open_socket(cast.chris)
    bram, dana = both_enter(cast, coffee, open_socket)
    for outsider in (olga, chris):
        for frame, fields in (("calls.direct", {"agree": True}), ("calls.trouble", {"kind": "no_relay"})):
            assert outsider.send(frame, coffee=coffee.id, **fields).status == 404
    bram.send("calls.trouble", coffee=coffee.id, kind="no_relay")
    for socket in (bram, dana):
        socket.send("calls.direct", coffee=coffee.id, agree=True)
    fence(cast.olga, cast.chris)
    assert (olga.received(), chris.received()) == ([{}], [{}])


def test_people_who_met_before_are_not_asked_for_consent(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        make_coffee(db, cast.circle, [cast.dana, cast.bram], state="met")
    bram, dana = open_socket(cast.bram), open_socket(cast.dana)
    assert not enter(bram, coffee)
    assert not enter(dana, coffee)
    bram.received()
    bram.send("calls.trouble", coffee=coffee.id, kind="no_relay")
    assert say(dana, coffee, HOST) is None
    assert bram.received("calls.no_relay") == []


def test_a_description_without_candidates_passes_unchanged() -> None:
    sdp = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\na=remote-candidates:1 203.0.113.7 9\r\n"
    assert rules.relay_candidates(sdp) == sdp
