"""Coming in: 3,000 viewers evenly over 15 s, and all of them again after the server was killed.

python -m bench.live.joins [--short]
"""

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from bench.live import serving
from bench.live.crowd import Crowd
from bench.live.serving import Served
from bench.live.viewer import Step
from tests.faults.injecting import kill


def main(short: bool) -> str:
    serving.allow_many_sockets()
    size, over = (60, 5.0) if short else (3000, 15.0)
    lines = [
        "| | viewers | how | p50 / p99 s | all in after s | processor ms each | refused or lost | promise |",
        "|---|---|---|---|---|---|---|---|",
    ]
    with ExitStack() as started, TemporaryDirectory() as home:
        contenders = [
            started.enter_context(one)
            for one in (serving.ours(Path(home)), serving.stock(), serving.socketio_of_node())
        ]
        with serving.on_core(serving.LOAD_CORE):
            for served in contenders:
                lines.append(evenly(served, size, over))
                print(lines[-1])
            lines.append(after_a_kill(contenders[0], size))
            print(lines[-1])
    return "\n".join(lines)


def evenly(served: Served, size: int, over: float) -> str:
    crowd = Crowd(served.port, served.hello, origin=served.origin, cookies=served.cookies)
    before = served.processor()
    took = crowd.join(size, over=over)
    line = line_of(served, crowd, f"evenly over {over:.0f} s", took, before, "no refusal, p99 < 3 s")
    crowd.close()
    return line


def after_a_kill(served: Served, size: int) -> str:
    """The people try again after one to three seconds each, as pages do, until they are in."""
    assert served.site is not None
    crowd = Crowd(served.port, served.hello, origin=served.origin, cookies=served.cookies)
    crowd.join(size, patience=120)
    crowd.comes_again = True
    kill(served.site)
    began = time.monotonic()
    with serving.on_core(serving.SERVER_CORE):
        served.site.start()
    assert served.site.process is not None
    served.processes = [served.site.process.pid]
    for viewer in crowd.viewers:
        viewer.began = began
    before = served.processor()
    crowd.run(0.2)  # everyone notices
    if not crowd.run_until(crowd.all_inside, 120):
        crowd.faults["never got in"] += sum(1 for one in crowd.viewers if one.step != Step.INSIDE)
    crowd.faults.pop("came again", None)
    return line_of(served, crowd, "at once after a kill", time.monotonic() - began, before, "all in < 30 s")


def line_of(served: Served, crowd: Crowd, how: str, took: float, before: float, promise: str) -> str:
    waits = [one.joined_after for one in crowd.viewers if one.joined_after is not None]
    parts = quantiles(waits, n=100) if len(waits) > 1 else [float("nan")] * 99
    each = (served.processor() - before) / max(1, len(waits)) * 1000
    faults = ", ".join(f"{many} {what}" for what, many in crowd.faults.items()) or "none"
    told = promise if served.name == "Ontmoet" else ""
    return (
        f"| {served.name} | {len(crowd.viewers):,} | {how} | {parts[49]:.2f} / {parts[98]:.2f} | "
        f"{took:.1f} | {each:.1f} | {faults} | {told} |"
    )


if __name__ == "__main__":
    print(main("--short" in sys.argv))
