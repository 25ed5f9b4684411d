"""Benchmark of joins: evenly over 15 s, as fast as the server takes them, and all again after it was killed.

python -m bench.realtime.joins [--short]
"""

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from bench.realtime import server
from bench.realtime.load_client import LoadClient
from bench.realtime.server import Served
from bench.realtime.viewer import Step
from tests.faults.injectors import kill

SIZE, OVER = 3000, 15.0
ROUNDS = 3  # of joining as fast as the server takes them


def main(short: bool) -> str:
    server.raise_open_file_limit()
    size, over = (60, 5.0) if short else (SIZE, OVER)
    lines = [
        "| | viewers | how | p50 / p99 s | all in after s | processor ms each | refused or lost | promise |",
        "|---|---|---|---|---|---|---|---|",
    ]
    rates = ["| | joins/s, by round | median | processor ms each | promise |", "|---|---|---|---|---|"]
    with ExitStack() as started, TemporaryDirectory() as home:
        servers = [
            started.enter_context(one)
            for one in (server.product(Path(home)), server.stock(), server.socketio_of_node())
        ]
        ours = servers[0]
        server.sign_in_viewers(ours, size)
        with server.pinned_to_core(server.LOAD_CORE):
            for served in servers:
                lines.append(evenly(served, size, over))
                print(lines[-1])
            found: dict[str, list[tuple[float, float]]] = {one.name: [] for one in servers}
            for _round in range(1 if short else ROUNDS):
                for served in servers:
                    found[served.name].append(at_once(served, size))
            rates += [rate_row(name, rounds) for name, rounds in found.items()]
            print("\n".join(rates))
            lines.append(after_a_kill(ours, size))
            print(lines[-1])
    return "\n".join([*lines, "", *rates])


def evenly(served: Served, size: int, over: float) -> str:
    load = LoadClient(served.port, served.hello, origin=served.origin, cookies=served.cookies)
    before = served.cpu_seconds()
    took = load.join(size, over=over)
    line = line_of(served, load, f"evenly over {over:.0f} s", took, before, "no refusal, p99 < 0.5 s")
    load.close()
    return line


def at_once(served: Served, size: int) -> tuple[float, float]:
    """Joins a second and milliseconds of processor for each, with 256 on their way at a time."""
    load = LoadClient(served.port, served.hello, origin=served.origin, cookies=served.cookies)
    before = served.cpu_seconds()
    took = load.join(size, patience=120)
    load.run(0.2)  # what is written in batches belongs to it
    spent = served.cpu_seconds() - before
    assert not load.faults, load.faults
    load.close()
    time.sleep(2.0)  # the server notices that they left
    return size / took, spent / size * 1000


def rate_row(name: str, rounds: list[tuple[float, float]]) -> str:
    rates = [rate for rate, _spent in rounds]
    told = "≥ 1,000" if name == "Ontmoet" else ""
    return (
        f"| {name} | {', '.join(f'{one:,.0f}' for one in rates)} | {median(rates):,.0f} | "
        f"{median(spent for _rate, spent in rounds):.2f} | {told} |"
    )


def after_a_kill(served: Served, size: int) -> str:
    """The people try again after one to three seconds each, as pages do, until they are in."""
    assert served.site is not None
    load = LoadClient(served.port, served.hello, origin=served.origin, cookies=served.cookies)
    load.join(size, patience=120)
    load.reconnects = True
    kill(served.site)
    began = time.monotonic()
    with server.pinned_to_core(server.SERVER_CORE):
        served.site.start()
    assert served.site.process is not None
    served.processes = [served.site.process.pid]
    for viewer in load.viewers:
        viewer.began = began
    before = served.cpu_seconds()
    load.run(0.2)  # everyone notices
    if not load.run_until(load.all_inside, 120):
        load.faults["never got in"] += sum(1 for one in load.viewers if one.step != Step.INSIDE)
    load.faults.pop("came again", None)
    return line_of(served, load, "at once after a kill", time.monotonic() - began, before, "all in < 12 s")


def line_of(served: Served, load: LoadClient, how: str, took: float, before: float, promise: str) -> str:
    waits = [one.joined_after for one in load.viewers if one.joined_after is not None]
    parts = quantiles(waits, n=100) if len(waits) > 1 else [float("nan")] * 99
    each = (served.cpu_seconds() - before) / max(1, len(waits)) * 1000
    faults = ", ".join(f"{many} {what}" for what, many in load.faults.items()) or "none"
    told = promise if served.name == "Ontmoet" else ""
    return (
        f"| {served.name} | {len(load.viewers):,} | {how} | {parts[49]:.2f} / {parts[98]:.2f} | "
        f"{took:.1f} | {each:.1f} | {faults} | {told} |"
    )


if __name__ == "__main__":
    print(main("--short" in sys.argv))
