"""Benchmark of durable chat posts, beside a loop of the same SQL statements on the same database.

python -m bench.realtime.posts [--short]
"""

import itertools
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from bench.realtime import server
from bench.realtime.baselines.replay_sql import replay
from bench.realtime.load_client import LoadClient
from bench.realtime.message_rate import POSTERS, Posting
from bench.realtime.server import Served
from bench.realtime.viewer import Viewer
from tests.support.postgres_server import postgres
from tests.support.processes import redis

SECONDS = 6.0


def main(short: bool) -> str:
    rounds = 1 if short else 3
    lines = [
        "| database | posts/s | ack p50 / p99 ms | bare loop posts/s | share (by round) | promise |",
        "|---|---|---|---|---|---|",
    ]
    with TemporaryDirectory() as place, ExitStack() as started:
        home = Path(place)
        (home / "lite").mkdir()
        lines.append(on("SQLite", started.enter_context(server.product(home / "lite")), rounds))
        print(lines[-1])
        database = started.enter_context(postgres(home / "postgres"))
        messenger = started.enter_context(redis(home / "redis"))
        (home / "big").mkdir()
        served = started.enter_context(
            server.product(home / "big", DATABASE_URL=database, REDIS_URL=messenger)
        )
        lines.append(on("PostgreSQL (fsync off)", served, rounds))
        print(lines[-1])
    return "\n".join(lines)


def on(database: str, served: Served, rounds: int) -> str:
    rates, loops, acks = [], [], list[float]()
    assert served.site is not None
    for _round in range(rounds):
        with server.pinned_to_core(server.LOAD_CORE):
            load = LoadClient(served.port, served.hello, origin=served.origin, cookies=served.cookies)
            load.join(POSTERS)
            posting = Posting(served, load)
            rates.append(as_fast_as_answered(posting))
            acks += posting.answers
            load.close()
        with server.pinned_to_core(server.SERVER_CORE):
            loops.append(replay(served.site.environment, SECONDS / 2))
    shares = [mine / bare for mine, bare in zip(rates, loops, strict=True)]
    parts = quantiles(acks, n=100)
    middle = len(rates) // 2
    return (
        f"| {database} | {sorted(rates)[middle]:.0f} | {parts[49]:.0f} / {parts[98]:.0f} | "
        f"{sorted(loops)[middle]:.0f} | {', '.join(f'{one:.2f}' for one in shares)} | "
        "≥ 150/s, p99 < 250 ms, ≥ 0.6 |"
    )


def as_fast_as_answered(posting: Posting) -> float:
    """Each of the people posts the next line as soon as the one before is acknowledged; posts a second."""
    counted, numbers = posting.load.on_answer, itertools.count(1000)
    end = time.monotonic() + SECONDS

    def answered(viewer: Viewer, number: int, data: object) -> None:
        counted(viewer, number, data)
        if time.monotonic() < end:
            posting.post(viewer, next(numbers), time.monotonic())

    posting.load.on_answer = answered
    for viewer in posting.load.viewers:
        posting.post(viewer, next(numbers), time.monotonic())
    posting.load.run(SECONDS)
    done = len(posting.answers)
    posting.load.run_until(lambda: len(posting.answers) + len(posting.refused) == len(posting.sent), 10)
    assert not posting.refused, posting.refused[:3]
    assert posting.load.run_until(lambda: posting.load.have_all(posting.last_seq), 10)
    assert not posting.load.faults, posting.load.faults
    return done / SECONDS


if __name__ == "__main__":
    print(main("--short" in sys.argv))
