"""End-to-end cost and latency of chat messages, posted, stored and delivered, beside references.

python -m bench.realtime.message_path [--short]
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
from bench.realtime.fanout import Room, tend
from bench.realtime.message_rate import Posting

SECONDS = 4.0  # of one measurement
ROUNDS = 5
COST_RATE = 8  # messages a second at which processor time is compared
SMALL = 20  # viewers of a small room, where the milliseconds themselves are promised
PROMISED_COST = {SMALL: "≤ 4 ms", 200: "≤ 1.0", 1000: "≤ 0.9", 3000: "≤ 0.7"}  # × Node, which stores nothing
RATES = (1, 10, 20)  # messages a second into 1,000 viewers, for latency
LATENCY_SIZE = 1000


@dataclass(frozen=True)
class Sample:
    """Milliseconds: processor time of the server for each message, and delivery latency."""

    per_message: float
    per_1000_deliveries: float
    p50: float
    p99: float
    cores: float
    whole: bool


def main(short: bool) -> str:
    server.raise_open_file_limit()
    sizes, rounds = ((SMALL, 200), 2) if short else ((SMALL, 200, 1000, 3000), ROUNDS)
    latencies = [
        "| messages/s | viewers | p50 / p99 ms: Ontmoet | Node | cores | p50 × Node, by round | median "
        "| promise |",
        "|---|---|---|---|---|---|---|---|",
    ]
    with ExitStack() as started, TemporaryDirectory() as home:
        servers = (
            server.product(Path(home)), server.socketio_of_node(), server.bare(), *server.uwebsockets()
        )  # fmt: skip
        rooms = [Room(started.enter_context(one)) for one in servers]
        for room in rooms:
            started.enter_context(room.load)
        others = [room.served.name for room in rooms[1:]]
        costs = [
            f"| viewers | ms of processor for a message: Ontmoet | {' | '.join(others)} | Ontmoet for 1,000 "
            "deliveries | × Node, by round | median | promise |",
            "|---" * (len(others) + 6) + "|",
        ]
        server.sign_in_viewers(rooms[0].served, max(sizes))
        rooms[0].load.cookies = rooms[0].served.cookies
        with server.pinned_to_core(server.LOAD_CORE):
            for size in sizes:
                for room in rooms:
                    room.grow_to(size)
                    tend(rooms)
                costs.append(cost_row(size, side_by_side(rooms, COST_RATE, rounds)))
                print(costs[-1])
                if size == LATENCY_SIZE or (short and size == max(sizes)):
                    for rate in RATES:
                        latencies.append(latency_row(rate, size, side_by_side(rooms[:2], rate, rounds)))
                        print(latencies[-1])
    return "\n".join([*costs, "", *latencies])


def side_by_side(rooms: list[Room], rate: float, rounds: int) -> dict[str, list[Sample]]:
    """Samples of each contender in interleaved rounds."""
    found: dict[str, list[Sample]] = defaultdict(list)
    for _round in range(rounds):
        for room in rooms:
            found[room.served.name].append(posted(room, rate) if room.served.site else driven(room, rate))
            tend(rooms)
    return found


def posted(room: Room, rate: float) -> Sample:
    """Messages through the ordinary `chat.post`, by members in turn."""
    room.load.reset_counts()
    posting = Posting(room.served, room.load)
    before, began = room.served.cpu_seconds(), time.monotonic()
    posting.run(rate, SECONDS)
    spent, took = room.served.cpu_seconds() - before, time.monotonic() - began
    count = int(rate * SECONDS)
    whole = not room.load.faults and room.load.deliveries == count * room.size
    return sample(room, spent, took, count, whole)


def driven(room: Room, rate: float) -> Sample:
    """The same frames, made up and sent by the reference itself, stored nowhere."""
    began = time.monotonic()
    before = room.served.cpu_seconds()
    window = room.window(rate * room.size, SECONDS)
    spent, took = room.served.cpu_seconds() - before, time.monotonic() - began
    return sample(room, spent, took, max(2, round(rate * SECONDS)), window.whole)


def sample(room: Room, spent: float, took: float, count: int, whole: bool) -> Sample:
    return Sample(
        spent * 1000 / count,
        spent * 1e6 / max(1, room.load.deliveries),
        room.load.latency(0.5),
        room.load.latency(0.99),
        spent / took,
        whole,
    )


def cost_row(size: int, found: dict[str, list[Sample]]) -> str:
    ours, node = found["Ontmoet"], found["Node socket.io"]
    shares = [mine.per_message / its.per_message for mine, its in zip(ours, node, strict=True)]
    everyone = [one for samples in found.values() for one in samples]
    cells = [
        f"{size:,}{incomplete(*everyone)}",
        *(f"{middle(one.per_message for one in samples):.1f}" for samples in found.values()),
        f"{middle(one.per_1000_deliveries for one in ours):.1f}",
        each(shares),
        f"{median(shares):.2f}",
        PROMISED_COST[size],
    ]
    return f"| {' | '.join(cells)} |"


def latency_row(rate: float, size: int, found: dict[str, list[Sample]]) -> str:
    ours, node = found["Ontmoet"], found["Node socket.io"]
    shares = [mine.p50 / max(0.1, its.p50) for mine, its in zip(ours, node, strict=True)]
    cells = [
        f"{rate}",
        f"{size:,}{incomplete(*ours, *node)}",
        f"{middle(one.p50 for one in ours):.1f} / {middle(one.p99 for one in ours):.0f}",
        f"{middle(one.p50 for one in node):.1f} / {middle(one.p99 for one in node):.0f}",
        f"{middle(one.cores for one in ours):.2f}",
        each(shares),
        f"{median(shares):.2f}",
        "≤ 1.3, p99 ≤ 50 ms",
    ]
    return f"| {' | '.join(cells)} |"


def incomplete(*samples: Sample) -> str:
    return "" if all(one.whole for one in samples) else " **not everything arrived**"


def middle(values: Iterable[float]) -> float:
    return median(list(values))


def each(shares: list[float]) -> str:
    return ", ".join(f"{one:.2f}" for one in shares)


if __name__ == "__main__":
    print(main("--short" in sys.argv))
