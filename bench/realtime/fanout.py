"""Fan-out benchmark of one room: processor time a delivery, how fast at most, memory a viewer.

python -m bench.realtime.fanout [--short]
"""

import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.realtime import server
from bench.realtime.load_client import LoadClient
from bench.realtime.server import ROOM, Served

AT_REST = 6_000  # deliveries a second for the cost of one
SECONDS = 2.0  # a window
ROUNDS = 7  # rounds differ by a quarter and more: a median of three says little
FIRST_TRY, STEP = 40_000, 1.25  # deliveries a second, when looking for the most
MAX_ROUNDS = 2  # in which the most is looked for
GOOD = 250.0  # milliseconds at the 99th percentile
PROMISED = {"Node socket.io": 0.6, "uWebSockets": 1.25}  # in every round


@dataclass
class Window:
    """What one contender did in one window: milliseconds of processor for a thousand deliveries."""

    cost: float
    p50: float
    p99: float
    whole: bool  # whether everybody got everything, once and in order


class Room:
    """A server and the viewers of its room."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.load = LoadClient(served.port, served.hello, origin=served.origin, cookies=served.cookies)
        self.empty = served.memory()
        self._next = 1_000_000

    @property
    def size(self) -> int:
        return len(self.load.viewers)

    def grow_to(self, size: int) -> None:
        took = self.load.join(size - self.size)
        print(f"  {self.served.name}: {self.size:,} inside after {took:.1f} s {dict(self.load.faults) or ''}")

    def memory(self) -> float:
        """KiB a viewer."""
        return (self.served.memory() - self.empty) / self.size

    def window(self, deliveries: float, seconds: float = SECONDS) -> Window:
        rate = deliveries / self.size
        count = max(2, round(rate * seconds))
        order = {"room": ROOM, "first": self._next, "count": count, "rate": rate}
        order["sent_at"] = time.monotonic()
        self.load.reset_counts()
        for viewer in self.load.viewers:
            viewer.next_seq = self._next
        self._next += count
        before = self.served.cpu_seconds()
        self.load.send(self.load.viewers[0], "drive", order, 9)
        whole = self.load.run_until(lambda: self.load.have_all(self._next - 1), seconds + 10)
        spent = self.served.cpu_seconds() - before
        cost = spent * 1e6 / max(1, self.load.deliveries)
        return Window(cost, self.load.latency(0.5), self.load.latency(0.99), whole and not self.load.faults)

    def most(self) -> float:
        """The most deliveries a second, of those tried, with which the 99th of a hundred came in time."""
        best, tried = 0.0, float(FIRST_TRY)
        while tried < 1_000_000:
            window = self.window(tried, 1.5)
            if not window.whole or window.p99 > GOOD:
                break
            best, tried = tried, tried * STEP
        return best


def main(short: bool) -> str:
    server.raise_open_file_limit()
    sizes, rounds = ((200,), 2) if short else ((200, 1000, 3000), ROUNDS)
    lines = [
        "| viewers | | ms of processor for 1,000 deliveries | p50 / p99 ms | most deliveries/s | KiB each |",
        "|---|---|---|---|---|---|",
    ]
    ratios = [
        "| viewers | processor, as a share of | by round | median | worst | promise |",
        "|---|---|---|---|---|---|",
    ]
    with ExitStack() as started, TemporaryDirectory() as home:
        servers = (
            server.product(Path(home)), server.socketio_of_node(), server.bare(), *server.uwebsockets(),
            server.stock(),
        )  # fmt: skip
        rooms = [Room(started.enter_context(one)) for one in servers]
        for room in rooms:
            started.enter_context(room.load)
        server.sign_in_viewers(rooms[0].served, max(sizes))
        rooms[0].load.cookies = rooms[0].served.cookies
        with server.pinned_to_core(server.LOAD_CORE):
            for size in sizes:
                table, share = at_size(rooms, size, rounds)
                lines += table
                ratios += share
    return "\n".join([*lines, "", *ratios])


def at_size(rooms: list[Room], size: int, rounds: int) -> tuple[list[str], list[str]]:
    for room in rooms:
        room.grow_to(size)
        tend(rooms)
    windows: dict[str, list[Window]] = defaultdict(list)
    most: dict[str, list[float]] = defaultdict(list)
    for turn in range(rounds):
        for room in rooms:
            windows[room.served.name].append(room.window(AT_REST))
            tend(rooms)
        for room in rooms[:2] if size >= 1000 and turn < MAX_ROUNDS else []:
            most[room.served.name].append(room.most())
            tend(rooms)
    table = [line_of(room, size, windows[room.served.name], most[room.served.name]) for room in rooms]
    print("\n".join(table))
    return table, list(shares(size, windows, most))


def tend(rooms: Iterable[Room]) -> None:
    """Answer the pings of the rooms that are not being measured."""
    for room in rooms:
        room.load.run(0.05)


def line_of(room: Room, size: int, windows: list[Window], most: list[float]) -> str:
    costs = [window.cost for window in windows]
    whole = "" if all(window.whole for window in windows) else " **not everything arrived**"
    return (
        f"| {size:,} | {room.served.name}{whole} | {spread(costs)} | "
        f"{median(window.p50 for window in windows):.0f} / {median(window.p99 for window in windows):.0f} | "
        f"{f'{median(most):,.0f}' if most else ''} | {room.memory():.0f} |"
    )


def shares(size: int, windows: dict[str, list[Window]], most: dict[str, list[float]]) -> Iterable[str]:
    ours = [window.cost for window in windows["Ontmoet"]]
    for name in [one for one in windows if one != "Ontmoet"]:
        theirs = [window.cost for window in windows[name]]
        found = [mine / other for mine, other in zip(ours, theirs, strict=True)]
        each = ", ".join(f"{one:.2f}" for one in found)
        told = f"≤ {PROMISED[name]} in every round" if name in PROMISED else ""
        yield f"| {size:,} | {name} | {each} | {median(found):.2f} | {max(found):.2f} | {told} |"
    if "uWebSockets" not in windows:
        yield f"| {size:,} | uWebSockets | not measured: Bun was not fetched | | | |"
    if most.get("Ontmoet"):
        both = zip(most["Ontmoet"], most["Node socket.io"], strict=True)
        found = [mine / other for mine, other in both if other]
        listed = ", ".join(f"{one:.2f}" for one in found) or "it did not hold the lowest rate tried"
        middle, worst = (f"{f(found):.2f}" if found else "not comparable" for f in (median, min))
        yield f"| {size:,} | most deliveries/s of Node socket.io | {listed} | {middle} | {worst} | ≥ 1.2 |"


def spread(values: list[float]) -> str:
    return f"{median(values):.1f} ({min(values):.1f}–{max(values):.1f})"


if __name__ == "__main__":
    print(main("--short" in sys.argv))
