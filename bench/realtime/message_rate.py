"""Benchmark of message rate: latency and processor time of a room at 20 and 100 messages a second.

python -m bench.realtime.message_rate [--short]
"""

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from bench.realtime import server
from bench.realtime.load_client import LoadClient
from bench.realtime.server import ROOM, Served
from bench.realtime.viewer import Viewer

POSTERS = 20
SECONDS = 6.0
ROUNDS = 3
BUSY, LARGE = 3_000, 10_000  # viewers


@dataclass(frozen=True)
class Case:
    """A rate in messages a second, and the most milliseconds and cores it may take."""

    viewers: int
    rate: int
    p99: float
    cores: float | None = None

    @property
    def promise(self) -> str:
        return f"p99 < {self.p99:.0f} ms" + (f" at ≤ {self.cores} core" if self.cores else "")


@dataclass(frozen=True)
class Sample:
    """One round: milliseconds of acknowledgements and deliveries, cores of the server, what went wrong."""

    answered: str
    ack_p50: float
    ack_p99: float
    p50: float
    p99: float
    cores: float
    faults: str


CASES = (Case(BUSY, 20, 100, 0.4), Case(BUSY, 100, 200), Case(LARGE, 20, 400, 0.8))


class Posting:
    """Posts at an even rate by several people in turn, and what became of each."""

    def __init__(self, served: Served, load: LoadClient) -> None:
        self.served, self.load = served, load
        self.sent: dict[int, float] = {}
        self.answers: list[float] = []
        self.refused: list[Any] = []
        self.last_seq = 0
        load.on_answer = self._answered

    def post(self, viewer: Viewer, number: int, due: float) -> None:
        body = f"{due:.6f} Goed verhaal, hier kunnen wij morgen mee aan de slag."
        data = {"room": ROOM, "client_id": f"load-{time.time_ns()}-{number:06}", "body": body}
        self.sent[number] = due
        self.load.send(viewer, "chat.post", data, number)

    def run(self, rate: float, seconds: float) -> None:
        began, count = time.monotonic() + 0.05, int(rate * seconds)
        for number in range(100, 100 + count):
            due = began + (number - 100) / rate
            while time.monotonic() < due:
                self.load.poll()
            self.post(self.load.viewers[number % POSTERS], number, due)
        self.load.run_until(
            lambda: len(self.answers) + len(self.refused) == count and self.load.have_all(self.last_seq), 20
        )

    def _answered(self, _viewer: Viewer, number: int, data: Any) -> None:
        if data.get("ok"):
            self.answers.append((time.monotonic() - self.sent[number]) * 1000)
            self.last_seq = max(self.last_seq, data["seq"])
        else:
            self.refused.append(data)


def main(short: bool) -> str:
    server.raise_open_file_limit()
    lines = [
        "| room | viewers | answered | ack p50 / p99 ms | delivery p50 / p99 ms | p99 by round "
        "| cores by round | whole | promise |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    with TemporaryDirectory() as home, server.product(Path(home)) as served:
        server.sign_in_viewers(served, 60 if short else BUSY)
        load = LoadClient(served.port, served.hello, origin=served.origin, cookies=served.cookies)
        with server.pinned_to_core(server.LOAD_CORE), load:
            for case in CASES:
                lines.append(case_row(served, load, case, short))
                print(lines[-1])
    return "\n".join(lines)


def case_row(served: Served, load: LoadClient, case: Case, short: bool) -> str:
    size = case.viewers // 50 if short else case.viewers
    needed = server.missing_open_files(size - len(load.viewers))
    if needed is not None:
        reason = f"not measured: needs {needed:,} open files"
        return f"| {case.rate} messages/s | {size:,} | {reason} | | | | | | {case.promise} |"
    load.join(size - len(load.viewers), patience=120)
    load.run(1.0)  # the work that joining leaves behind is not measured
    rounds = [measure(served, load, case.rate) for _round in range(1 if short else ROUNDS)]
    return row(case, len(load.viewers), rounds)


def measure(served: Served, load: LoadClient, rate: int) -> Sample:
    load.reset_counts()
    posting, before, began = Posting(served, load), served.cpu_seconds(), time.monotonic()
    posting.run(rate, SECONDS)
    cores = (served.cpu_seconds() - before) / (time.monotonic() - began)
    count = int(rate * SECONDS)
    faults = dict(load.faults)
    if load.deliveries != count * len(load.viewers):
        faults["not delivered"] = count * len(load.viewers) - load.deliveries
    acks = quantiles(posting.answers, n=100) if len(posting.answers) > 1 else [float("nan")] * 99
    return Sample(
        f"{len(posting.answers)} of {count}",
        acks[49],
        acks[98],
        load.latency(0.5),
        load.latency(0.99),
        cores,
        ", ".join(f"{many} {what}" for what, many in faults.items()),
    )


def row(case: Case, viewers: int, rounds: list[Sample]) -> str:
    """The median of the rounds, and each of them for what is promised."""
    answered = sorted({one.answered for one in rounds})
    faults = "; ".join(one.faults for one in rounds if one.faults)
    cells = [
        f"{case.rate} messages/s",
        f"{viewers:,}",
        ", ".join(answered),
        f"{median(one.ack_p50 for one in rounds):.0f} / {median(one.ack_p99 for one in rounds):.0f}",
        f"{median(one.p50 for one in rounds):.0f} / {median(one.p99 for one in rounds):.0f}",
        ", ".join(f"{one.p99:.0f}" for one in rounds),
        ", ".join(f"{one.cores:.2f}" for one in rounds),
        f"**no**: {faults}" if faults else "yes",
        case.promise,
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(main("--short" in sys.argv))
