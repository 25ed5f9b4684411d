"""A long evening: many viewers, people who write, and something that breaks every little while.

python -m bench.soak --minutes 30 --viewers 1000 --on postgres
"""

import argparse
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.live import serving
from bench.live.crowd import Crowd
from events.seed import PASSWORD
from tests.faults.conftest import ROOM, Scene, raise_scene
from tests.faults.history import History
from tests.faults.injecting import crashed, dead, frozen, kill, locked
from tests.faults.injecting import serving as serving_process
from tests.faults.people import a_busy_room
from tests.installation import alone, several
from tests.journeys.lines import Member
from tests.servers import Ontmoet

BETWEEN = (5.0, 20.0)  # seconds of peace between two faults
LASTS = (1.0, 8.0)  # seconds that one lasts
LOOK_EVERY = 5.0  # seconds
CALM = 0.4  # of the time, at the end, without kills: only then can growth be told from a new beginning
MAY_GROW = 1.1  # the last looks, as a multiple of the first ones of the same process

Fault = Callable[[], None]


@dataclass
class Looks:
    """What the serving process held, look by look, since it began."""

    process: int = 0
    memory: list[float] = field(default_factory=list)  # MiB
    files: list[float] = field(default_factory=list)
    threads: list[float] = field(default_factory=list)

    def look(self, pid: int) -> None:
        if pid != self.process:
            self.process, self.memory, self.files, self.threads = pid, [], [], []
        process = psutil.Process(pid)
        self.memory.append(process.memory_info().rss / 2**20)
        self.files.append(process.num_fds())
        self.threads.append(process.num_threads())

    def growth(self) -> dict[str, float]:
        """The mean of the last quarter as a multiple of that of the second: the first one warms up."""
        grown = {}
        for name in ("memory", "files", "threads"):
            looks = getattr(self, name)
            quarter = max(1, len(looks) // 4)
            grown[name] = _mean(looks[-quarter:]) / _mean(looks[quarter : 2 * quarter] or looks)
        return grown


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=30)
    asked.add_argument("--viewers", type=int, default=1000)
    asked.add_argument("--on", choices=["sqlite", "postgres"], default="sqlite")
    asked.add_argument("--seed", type=int, default=random.randrange(10**6))
    told = asked.parse_args()
    serving.allow_many_sockets()
    with tempfile.TemporaryDirectory() as home, scene(Path(home), told.on) as stage:
        soak(stage, told.minutes * 60, told.viewers, told.seed)


@contextmanager
def scene(home: Path, on: str) -> Iterator[Scene]:
    if on == "postgres":
        with several(home) as installation, installation.worker():
            yield raise_scene(installation.webs, installation)
        return
    with alone(home) as web:
        yield raise_scene([web])


def soak(stage: Scene, seconds: float, viewers: int, seed: int) -> None:
    chance, looks, done = random.Random(seed), Looks(), threading.Event()
    web = stage.web
    members = [Member(name, web, PASSWORD) for name in ("anna", "bram", "chris", "dana")]
    cookies = ["; ".join(f"{one.name}={one.value}" for one in member.cookies) for member in members]
    crowd = Crowd(web.port, [("chat.enter", {"room": ROOM})], origin=web.url, cookies=cookies)
    crowd.comes_again = True
    watching = threading.Thread(target=_watch, args=(crowd, viewers, done), daemon=True)
    began = time.monotonic()
    counts: dict[str, int] = {}
    with a_busy_room(stage.room, members, seed=seed, pause=0.2) as history:
        watching.start()
        while (gone := time.monotonic() - began) < seconds:
            _peace(chance.uniform(*BETWEEN), looks, web)
            name, fault = chance.choice(faults(stage, chance, calm=gone > (1 - CALM) * seconds))
            counts[name] = counts.get(name, 0) + 1
            fault()
            print(
                f"{gone:6.0f} s  {name:14} acknowledged {len(history.kept):6}  {looks.memory[-1:]} MiB",
                flush=True,
            )
        _peace(LOOK_EVERY * 2, looks, web)
    done.set()
    watching.join(30)
    report(history, counts, crowd, looks)


def faults(stage: Scene, chance: random.Random, *, calm: bool) -> list[tuple[str, Fault]]:
    """What may happen now."""

    def for_a_while(breaking: Callable[[], object]) -> Fault:
        def fault() -> None:
            with breaking():  # type: ignore[attr-defined]  # each gives a context
                threading.Event().wait(chance.uniform(*LASTS))

        return fault

    def struck() -> None:
        web = chance.choice(stage.room.webs)
        kill(web)
        web.start()

    found: list[tuple[str, Fault]] = [] if calm else [("kill", struck)]
    if stage.installation is None:
        return [*found, ("locked", for_a_while(lambda: locked(stage.web)))]
    installation = stage.installation
    return [
        *found,
        ("Redis dead", for_a_while(lambda: dead(installation.messenger))),
        ("Redis frozen", for_a_while(lambda: frozen(installation.messenger))),
        ("PostgreSQL gone", for_a_while(lambda: crashed(installation.database))),
    ]


def report(history: History, counts: dict[str, int], crowd: Crowd, looks: Looks) -> None:
    grown, kept = looks.growth(), len(history.kept)
    print(f"\n{kept} acknowledged, none lost, none doubled, one order; 99 % within {history.slowest():.2f} s")
    print(f"faults: {counts}")
    print(f"viewers: {len(crowd.viewers)}, {crowd.deliveries} deliveries, {dict(crowd.faults)}")
    print(f"the last process, last looks against early ones: {grown}; {looks.memory[-1]:.0f} MiB")
    assert all(value < MAY_GROW for value in grown.values()), "something grows"


def _peace(seconds: float, looks: Looks, web: Ontmoet) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        looks.look(serving_process(web))
        threading.Event().wait(min(LOOK_EVERY, left))


def _watch(crowd: Crowd, viewers: int, done: threading.Event) -> None:
    crowd.join(viewers, over=viewers / 100)
    while not done.is_set():
        crowd.run(1.0)
    crowd.close()


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


if __name__ == "__main__":
    main()
