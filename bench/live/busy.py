"""A busy room and a flood, through the ordinary action: posted, stored, acknowledged, told to everybody.

python -m bench.live.busy [--short]
"""

import sys
import time
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

from bench.live import serving
from bench.live.crowd import Crowd
from bench.live.serving import ROOM, Served
from bench.live.viewer import Viewer

POSTERS = 20
SECONDS = 8.0
RATES = ((20, "p99 < 150 ms at ≤ half a core"), (100, "p99 < 250 ms"))


class Posting:
    """Posts at an even rate by several people in turn, and what became of each."""

    def __init__(self, served: Served, crowd: Crowd) -> None:
        self.served, self.crowd = served, crowd
        self.sent: dict[int, float] = {}
        self.answers: list[float] = []
        self.refused: list[Any] = []
        self.last_seq = 0
        crowd.on_answer = self._answered

    def post(self, viewer: Viewer, number: int, due: float) -> None:
        body = f"{due:.6f} Goed verhaal, hier kunnen wij morgen mee aan de slag."
        data = {"room": ROOM, "client_id": f"load-{time.time_ns()}-{number:06}", "body": body}
        self.sent[number] = due
        self.crowd.send(viewer, "chat.post", data, number)

    def run(self, rate: float, seconds: float) -> None:
        began, count = time.monotonic() + 0.05, int(rate * seconds)
        for number in range(100, 100 + count):
            due = began + (number - 100) / rate
            while time.monotonic() < due:
                self.crowd.turn()
            self.post(self.crowd.viewers[number % POSTERS], number, due)
        self.crowd.run_until(
            lambda: len(self.answers) + len(self.refused) == count and self.crowd.have_all(self.last_seq), 20
        )

    def _answered(self, _viewer: Viewer, number: int, data: Any) -> None:
        if data.get("ok"):
            self.answers.append((time.monotonic() - self.sent[number]) * 1000)
            self.last_seq = max(self.last_seq, data["seq"])
        else:
            self.refused.append(data)


def main(short: bool) -> str:
    serving.allow_many_sockets()
    size = 60 if short else 3000
    lines = [
        "| room | viewers | answered | ack p50 / p99 ms | delivery p50 / p99 ms | cores | whole | promise |",
        "|---|---|---|---|---|---|---|---|",
    ]
    with TemporaryDirectory() as home, serving.ours(Path(home)) as served, serving.on_core(serving.LOAD_CORE):
        crowd = Crowd(served.port, served.hello, origin=served.origin, cookies=served.cookies)
        crowd.join(size, patience=120)
        for rate, promise in RATES:
            lines.append(measure(served, crowd, rate, promise))
            print(lines[-1])
    return "\n".join(lines)


def measure(served: Served, crowd: Crowd, rate: int, promise: str) -> str:
    crowd.forget()
    posting, before, began = Posting(served, crowd), served.processor(), time.monotonic()
    posting.run(rate, SECONDS)
    cores = (served.processor() - before) / (time.monotonic() - began)
    count = int(rate * SECONDS)
    whole = not crowd.faults and crowd.deliveries == count * len(crowd.viewers)
    acks = quantiles(posting.answers, n=100) if len(posting.answers) > 1 else [float("nan")] * 99
    return (
        f"| {rate} messages/s | {len(crowd.viewers):,} | {len(posting.answers)} of {count} | "
        f"{acks[49]:.0f} / {acks[98]:.0f} | {crowd.latency(0.5):.0f} / {crowd.latency(0.99):.0f} | "
        f"{cores:.2f} | {'yes' if whole else f'**no** {dict(crowd.faults)}'} | {promise} |"
    )


if __name__ == "__main__":
    print(main("--short" in sys.argv))
