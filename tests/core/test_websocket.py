"""WebSocket transport with real sockets: slow, closing and malformed clients, and the stock
transport.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from events.core.realtime.socket_writer import MAX_BUFFERED_BYTES
from tests.support.processes import ROOT, free_port, wait_for_port
from tests.support.raw_socketio_client import CLOSE, PING, PONG, TEXT, ConnectionClosed, Malformed, Raw

LONG = "Ünï©ødé 🫖 " * 3500  # 60 kB in UTF-8, as JSON three times as much
STALLS = 2048  # bytes of receive buffer
Serve = Callable[[str], int]


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """The port of a loudspeaker with these LINES, started when first asked for."""
    ports: dict[str, int] = {}
    home = tmp_path_factory.mktemp("loudspeakers")
    with ExitStack() as started:

        def serve_with(kind: str) -> int:
            if kind not in ports:
                ports[kind] = free_port()
                log = started.enter_context((home / f"{kind}.log").open("wb"))
                command = [sys.executable, "-m", "gunicorn", "-k", "gevent", "--no-control-socket"]
                command += ["-b", f"127.0.0.1:{ports[kind]}", "tests.support.echo_server:app"]
                server = subprocess.Popen(
                    command, cwd=ROOT, env={**os.environ, "LINES": kind}, stderr=log, stdout=log
                )
                started.callback(server.wait)
                started.callback(server.kill)
                wait_for_port(ports[kind])
            return ports[kind]

        serve_with.home = home  # type: ignore[attr-defined]  # for who reads a log
        yield serve_with


@pytest.fixture
def ours(serve: Serve) -> int:
    return serve("ours")


def enter(port: int, **options: int) -> Raw:
    viewer = Raw(port, **options).enter()  # type: ignore[arg-type]  # only a size is given here
    viewer.ask(0, "enter")
    assert viewer.packet()[:2] == ("43", 0)
    return viewer


def say(port: int, count: int, text: str) -> None:
    with Raw(port).enter() as speaker:
        speaker.ask(1, "say", count=count, text=text)
        assert speaker.packet() == ("43", 1, [count])


def hear(viewer: Raw, count: int, text: str) -> None:
    for number in range(count):
        assert viewer.packet() == ("42", None, ["said", {"number": number, "text": text}])


def look(port: int) -> dict[str, int]:
    with Raw(port).enter() as observer:
        observer.ask(1, "look")
        found: dict[str, int] = observer.packet()[2][0]
        return found


def test_a_stalled_client_that_resumes_reads_every_frame_in_order(ours: int) -> None:
    with enter(ours, receive_buffer=STALLS) as stalled, enter(ours) as other:
        say(ours, 4, LONG)
        hear(other, 4, LONG)
        assert look(ours)["kept"] > 0, "nothing was kept for the one who stalls, so this showed nothing"
        hear(stalled, 4, LONG)
        say(ours, 1, "and on")
        hear(stalled, 1, "and on")


def test_the_stock_transport_breaks_the_stream_of_a_stalled_client(serve: Serve) -> None:
    """The negative control. Should this fail one day, the library has learnt it."""
    with enter(serve("stock"), receive_buffer=STALLS) as stalled:
        say(serve("stock"), 80, LONG)
        with pytest.raises((Malformed, ConnectionClosed, json.JSONDecodeError)):
            hear(stalled, 80, LONG)


def test_a_client_that_never_reads_is_disconnected_at_no_cost_to_others(ours: int) -> None:
    count = MAX_BUFFERED_BYTES // len(json.dumps(LONG)) + 5
    with enter(ours, receive_buffer=STALLS) as stalled, enter(ours) as other:
        before = look(ours)["open"]
        for _ in range(count):
            say(ours, 1, LONG)
            hear(other, 1, LONG)
        assert look(ours)["open"] == before - 1
        assert look(ours)["kept"] == 0
        with pytest.raises(ConnectionClosed):
            hear(stalled, count, LONG)


def test_replies_private_frames_and_broadcasts_keep_their_order(ours: int) -> None:
    """Also for somebody who reads none of it until the end."""
    with enter(ours, receive_buffer=STALLS) as viewer:
        numbers = range(5)
        for number in numbers:
            viewer.ask(number, "mix", number=number, text=LONG[:10_000])
        assert look(ours)["kept"] > 0, "all went out at once, so this shows nothing"
        order = []
        for _ in range(len(numbers) * 4):
            kind, answered, data = viewer.packet()
            order.append((kind, answered) if kind == "43" else (data[0], data[1]["number"]))
        expected = [[("before", n), ("said", n), ("after", n), ("43", n)] for n in numbers]
        assert order == [step for steps in expected for step in steps]


@pytest.mark.parametrize("text", ["", "é", "🫖" * 60, "x" * 125, "x" * 126, "x" * 65_400, LONG])
def test_any_unicode_text_arrives_unchanged(ours: int, text: str) -> None:
    with enter(ours) as viewer:
        say(ours, 1, text)
        hear(viewer, 1, text)


def test_a_frame_that_asks_for_an_answer_gets_it(ours: int) -> None:
    """These take the library's way; the answer, too, comes through the line."""
    with enter(ours) as viewer:
        viewer.ask(1, "ask back", number=7)
        packets = [viewer.packet(), viewer.packet()]
        question = next(packet for packet in packets if packet[0] == "42")
        assert question[2] == ["question", {"number": 7}]
        viewer.send(f'43{question[1]}[{{"heard":7}}]')
        assert viewer.packet()[2] == ["answered", {"heard": 7}]


def test_no_compression_is_negotiated(ours: int) -> None:
    with Raw(ours, headers=("Sec-WebSocket-Extensions: permessage-deflate",)) as viewer:
        assert " 101 " in viewer.answer
        assert "extensions" not in viewer.answer.lower()


def test_only_websocket_version_13_is_accepted(ours: int) -> None:
    with Raw(ours, headers=("Sec-WebSocket-Version: 8",)) as viewer:
        assert " 400 " in viewer.answer


def test_a_fragmented_message_may_have_a_ping_in_between(ours: int) -> None:
    with enter(ours) as viewer:
        viewer.send_frame(b'425["mix",{"num', last=False)
        viewer.send_frame(b"still there?", PING)
        viewer.send_frame(b'ber":3}]', opcode=0)
        assert viewer.frame() == (PONG, b"still there?")
        assert [viewer.packet()[1] for _ in range(4)][-1] == 5


@pytest.mark.parametrize(
    ("payload", "opcode", "masked", "code"),
    [
        (b"x" * 70_000, 1, True, 1009),  # larger than we take
        (b"\xff\xfe", 1, True, 1007),  # not UTF-8
        (b"hello", 1, False, 1002),  # a client masks
        (b"hello", 3, True, 1002),  # an opcode that is none
        (b"hello", 0, True, 1002),  # goes on with nothing
    ],
)
def test_malformed_frames_close_with_a_reason(
    ours: int, payload: bytes, opcode: int, masked: bool, code: int
) -> None:
    with enter(ours) as viewer, enter(ours) as other:
        with suppress(ConnectionError):
            viewer.send_frame(payload, opcode, masked=masked)
        with pytest.raises(ConnectionClosed, match=str(code)):
            viewer.text()
        say(ours, 1, "still here")
        hear(other, 1, "still here")


def test_a_malformed_packet_closes_the_connection(ours: int) -> None:
    with enter(ours) as viewer:
        viewer.send("what is this")
        with pytest.raises(ConnectionClosed):
            viewer.text()


def test_a_close_frame_is_answered_and_the_client_removed(ours: int) -> None:
    with enter(ours) as viewer:
        before = look(ours)["open"]
        viewer.send_frame((1000).to_bytes(2, "big"), CLOSE)
        assert viewer.frame() == (CLOSE, (1000).to_bytes(2, "big"))
        with pytest.raises(ConnectionClosed):
            viewer.frame()
    assert look(ours)["open"] == before - 1


def test_a_client_that_misses_a_pong_is_disconnected(serve: Serve) -> None:
    with enter(serve("brief")) as silent, enter(serve("brief")) as other:
        for _ in range(2):
            assert other.frame() == (TEXT, b"2")
            other.send("3")
        assert silent.frame() == (TEXT, b"2")
        with pytest.raises(ConnectionClosed):
            silent.frame()
        assert look(serve("brief"))["open"] == 2  # the other, and who looks


def test_a_client_without_a_session_is_disconnected_despite_pongs(serve: Serve) -> None:
    with Raw(serve("brief")) as stranger, enter(serve("brief")) as other:
        with pytest.raises(ConnectionClosed):
            stranger.text()
        say(serve("brief"), 1, "still here")
        hear(other, 1, "still here")


def test_one_network_opens_so_many_sockets_and_closing_one_makes_room(serve: Serve) -> None:
    port = serve("gated")
    with ExitStack() as opened:
        sockets = [opened.enter_context(Raw(port)) for _ in range(3)]
        assert " 429 " in opened.enter_context(Raw(port)).answer
        sockets[0].send_frame((1000).to_bytes(2, "big"), CLOSE)
        with pytest.raises(ConnectionClosed):
            sockets[0].text()
        opened.enter_context(Raw(port).enter())


def test_a_disconnected_client_gets_a_disconnect_packet_first(ours: int) -> None:
    with enter(ours) as viewer:
        viewer.ask(1, "send away")
        assert viewer.text() == "41"


def test_an_incompatible_engineio_uses_the_stock_transport(serve: Serve) -> None:
    port = serve("changed")
    with Raw(port).enter() as viewer:
        viewer.ask(0, "enter")
        assert viewer.packet() == ("43", 0, [{"installed": False}])
        say(port, 3, LONG[:1000])
        hear(viewer, 3, LONG[:1000])
    home: Path = serve.home  # type: ignore[attr-defined]  # set above
    assert "packets do not pass through the client's queue" in (home / "changed.log").read_text()


def test_a_flood_of_empty_fragments_closes_only_its_connection(ours: int) -> None:
    """100,000 of them: 600 KB that any stranger can send."""
    flood = bytes((0x01, 0x80, 0, 0, 0, 0)) + bytes((0x00, 0x80, 0, 0, 0, 0)) * 100_000
    with enter(ours) as other, Raw(ours) as stranger:
        quiet = max(_time_to_hear(ours, other) for _ in range(10))
        with suppress(ConnectionError):
            stranger.socket.sendall(flood)
        assert _time_to_hear(ours, other) < 50 * quiet
        with pytest.raises(ConnectionClosed):
            stranger.text()


def test_unread_pongs_use_no_memory(ours: int) -> None:
    """Each ping asks for an answer; whoever reads none of them gets no more than the system holds."""
    ping = bytes((0x89, 0x80 | 125, 0, 0, 0, 0)) + b"p" * 125
    with enter(ours, receive_buffer=STALLS) as stalled, enter(ours) as viewer:
        for number in range(5):
            stalled.ask(number, "mix", number=number, text=LONG[:10_000])
        _hear_of(viewer, 4)
        before = look(ours)["kept"]
        assert before > 0, "nothing was kept, so this shows nothing"
        stalled.socket.sendall(ping * 100)
        stalled.ask(9, "mix", number=9, text="behind the pings")
        _hear_of(viewer, 9)
        assert look(ours)["kept"] < before + 100 * 127


def _time_to_hear(port: int, viewer: Raw) -> float:
    began = time.monotonic()
    say(port, 1, "now")
    hear(viewer, 1, "now")
    return time.monotonic() - began


def _hear_of(viewer: Raw, number: int) -> None:
    while viewer.packet()[2][1]["number"] != number:
        pass
