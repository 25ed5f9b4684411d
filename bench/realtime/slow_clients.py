"""Benchmark of slow clients: viewers that stop reading, their streams afterwards and the others' latency.

python -m bench.realtime.slow_clients
"""

import json
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.realtime import server
from bench.realtime.load_client import LoadClient
from bench.realtime.server import ROOM, Served
from tests.support.raw_socketio_client import ConnectionClosed, Malformed, Raw

STALLED, OTHERS = 10, 20
SMALL = 4096  # bytes of receive buffer
RATE, COUNT = 2_000, 14_000  # frames a second, frames: some six megabytes for each


def main(short: bool) -> str:
    del short  # it is short
    lines = [
        f"| | of {STALLED} who stalled: complete | cut, to read on by number | malformed or out of order | "
        "others p99 ms | others whole | memory of the server, MiB more |",
        "|---|---|---|---|---|---|---|",
    ]
    with ExitStack() as started, TemporaryDirectory() as home:
        for served in (
            started.enter_context(server.product(Path(home))),
            started.enter_context(server.stock()),
            started.enter_context(server.socketio_of_node()),
        ):
            with server.pinned_to_core(server.LOAD_CORE):
                lines.append(measure(served))
            print(lines[-1])
    return "\n".join(lines)


def measure(served: Served) -> str:
    load = LoadClient(served.port, served.hello[:1], origin=served.origin, cookies=served.cookies)
    load.join(OTHERS)
    with ExitStack() as opened:
        stalled = [opened.enter_context(enter(served)) for _ in range(STALLED)]
        before = served.memory()
        load.reset_counts()
        for viewer in load.viewers:
            viewer.next_seq = 1_000_000
        order = {"room": ROOM, "first": 1_000_000, "count": COUNT, "rate": RATE}
        load.send(load.viewers[0], "drive", order, 9)
        whole = load.run_until(lambda: load.have_all(1_000_000 + COUNT - 1), 60)
        grown = (served.memory() - before) / 1024
        ends = Counter(read_on(one) for one in stalled)
    told = "yes" if whole and not load.faults else f"no {dict(load.faults)}"
    p99 = load.latency(0.99)
    load.close()
    return (
        f"| {served.name} | {ends['complete']} | {ends['cut']} | {ends['malformed']} | {p99:.0f} | {told} | "
        f"{grown:.0f} |"
    )


def enter(served: Served) -> Raw:
    headers = [f"Origin: {served.origin}"] if served.origin else []
    if served.cookies[0]:
        headers.append(f"Cookie: {served.cookies[0]}")
    viewer = Raw(served.port, receive_buffer=SMALL, headers=tuple(headers)).enter()
    viewer.ask(1, "chat.enter", room=ROOM)
    while viewer.packet()[:2] != ("43", 1):
        pass
    return viewer


def read_on(viewer: Raw) -> str:
    """Read all that came meanwhile, and say how it ended."""
    expected, end = 1_000_000, time.monotonic() + 30
    viewer.socket.settimeout(3)
    try:
        with suppress(TimeoutError):
            while expected < 1_000_000 + COUNT and time.monotonic() < end:
                kind, _number, data = viewer.packet()
                if kind == "42" and data[0] == "chat.entries":
                    if data[1]["entries"][0]["seq"] != expected:
                        return "malformed"
                    expected += 1
    except (Malformed, json.JSONDecodeError, ValueError):
        return "malformed"
    except ConnectionClosed:
        return "cut"
    return "complete" if expected == 1_000_000 + COUNT else "cut"


if __name__ == "__main__":
    print(main(short=False))
