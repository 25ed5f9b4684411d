"""Two web processes and a worker behind one PostgreSQL and one Redis act as one, and stop when asked to."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from events.seed.run import PASSWORD
from tests.faults.chat_clients import Room, a_busy_room, wait_until
from tests.support.cluster import Installation, several
from tests.support.http_and_socket_client import Data, Line, Member

ROOM = "livestream:demo-live"
PAGE = "/livestreams/demo-live"
CLOSED_WITHIN = 2.0  # seconds, as promised for a sign-out


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with several(tmp_path_factory.mktemp("two")) as installation:
        yield installation


@pytest.fixture
def lines(two: Installation) -> Iterator[tuple[Line, Line]]:
    """Anna at the one process, Bram at the other, both in the room of what is live."""
    with two.member("anna").line(two.webs[0]) as anna, two.member("bram").line(two.webs[1]) as bram:
        for line in (anna, bram):
            assert line.send("chat.enter", room=ROOM)["ok"]
        yield anna, bram


def say(line: Line, body: str) -> int:
    ack = line.send("chat.post", room=ROOM, client_id=uuid4().hex, body=body)
    assert ack["ok"], ack
    return int(ack["seq"])


def await_state(line: Line, state: str) -> Data:
    return line.await_frame("livestreams.state", lambda data: data["state"] == state)


def heard(line: Line) -> list[tuple[int, str]]:
    return [
        (entry["seq"], entry["body"]) for frame in line.received("chat.entries") for entry in frame["entries"]
    ]


def test_messages_cross_processes_once_and_in_order(lines: tuple[Line, Line]) -> None:
    anna, bram = lines
    said = [(say(anna, f"from one {number}"), f"from one {number}") for number in range(20)]
    said += [(say(bram, f"from other {number}"), f"from other {number}") for number in range(20)]
    for line in lines:
        line.wait(lambda line=line: len(heard(line)) >= len(said), "the last message")  # type: ignore[misc]  # bound now
        assert sorted(heard(line)) == said, "each once; pages put them in the order of their numbers"
    assert [seq for seq, _body in said] == list(range(said[0][0], said[0][0] + len(said)))


def test_a_state_change_reaches_the_other_process(two: Installation, lines: tuple[Line, Line]) -> None:
    for verb, state in (("pause", "paused"), ("resume", "live")):
        two.member("anna").post(two.webs[0], f"{PAGE}/{verb}")
        told = [await_state(line, state) for line in lines]
        assert told[0] == told[1]


def test_a_sign_out_closes_the_socket_on_the_other_process(
    two: Installation, lines: tuple[Line, Line]
) -> None:
    chris = Member("chris", two.webs[0], PASSWORD)
    with chris.line(two.webs[1]) as line:
        assert line.send("chat.enter", room=ROOM)["ok"]
        chris.post(two.webs[0], "/sign-out")
        line.wait(lambda: line.closed, "the end of the socket", CLOSED_WITHIN)
    assert say(lines[1], "still here") > 0


def test_a_job_queued_by_a_web_process_runs_in_the_worker_and_reaches_both(
    two: Installation, lines: tuple[Line, Line]
) -> None:
    soon = datetime.now(ZoneInfo("Europe/Amsterdam")) + timedelta(minutes=10)
    for line in lines:
        assert line.send("presence.enter", livestream="demo-soon")["state"] == "announced"
    two.member("anna").post(
        two.webs[0], "/livestreams/demo-soon/edit", page="/livestreams/demo-soon/edit",
        title="Prijzen zonder buikpijn", day=f"{soon:%Y-%m-%d}", hour=f"{soon:%H:%M}",
    )  # fmt: skip
    say(lines[0], "a fence")
    lines[1].await_frame("chat.entries", lambda data: data["entries"][0]["body"] == "a fence")
    states = [data["state"] for line in lines for data in line.received("livestreams.state")]
    assert "lobby" not in states, "done without a worker"
    with two.worker():
        told = [await_state(line, "lobby") for line in lines]
    assert told[0] == told[1]


def test_each_process_sends_heartbeats_to_its_own_viewers(lines: tuple[Line, Line]) -> None:
    last = say(lines[0], "who hears no beat with this number has missed something")
    for line in lines:
        line.await_frame("room.beat", lambda data: data["room"] == ROOM and data["last_seq"] >= last, 30)


def test_a_graceful_shutdown_loses_nothing(two: Installation) -> None:
    """SIGTERM: whoever is connected is served until the process goes; afterwards the other takes over."""
    room, members = Room(ROOM, PAGE, two.webs), [two.member(name) for name in ("anna", "bram")]
    with a_busy_room(room, members, seed=1) as history:
        for web in two.webs:
            kept = len(history.kept)
            wait_until(lambda kept=kept: len(history.kept) > kept + 5, "what is said")  # type: ignore[misc]  # bound now
            assert web.process is not None
            web.process.terminate()
            assert web.process.wait(15) == 0, "it had to be killed"
            web.start()
