"""Soak test: many viewers and writers for hours while faults are injected at random.

python -m bench.soak --minutes 30 --viewers 1000 --on postgres
"""

import argparse
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.realtime import server
from bench.realtime.load_client import LoadClient
from bench.realtime.viewer import Step
from tests.faults.action_checker import ActionHistory
from tests.faults.chat_checker import History
from tests.faults.chat_clients import a_busy_room
from tests.faults.conftest import ROOM, Scene, raise_scene
from tests.faults.http_clients import busy_people
from tests.faults.injectors import crashed, dead, frozen, full, kill_and_restart, locked, worker_pid
from tests.support.cluster import alone, several
from tests.support.processes import Ontmoet

APP = "bench.realtime.count_greenlets:app"
BETWEEN = (2.0, 6.0)  # seconds of peace between two faults
LASTS = (1.0, 8.0)  # seconds that one lasts
POLL_INTERVAL_SECONDS = 5.0  # seconds
KILLS = 0.65  # of all faults
CALM = 0.25  # of the time, at the end, without kills: only then can growth be told from a new beginning
MAY_GROW = 1.1  # the later looks, as a multiple of the earlier ones of the same process
NOISE = 10.0  # MiB, files or greenlets that come and go
COUNTED = ("memory", "files", "greenlets")
EXPECTED = (
    "missing",
    "doubled",
)  # what faults cost viewers who fetch nothing; the listeners judge what counts

Fault = Callable[[], None]


@dataclass
class Looks:
    """What the serving process held, look by look, since it began; every look is a row of `file`."""

    file: Path
    process: int = 0
    viewers: list[int] = field(default_factory=list)
    held: dict[str, list[float]] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    def look(self, web: Ontmoet, viewers: int) -> None:
        pid = worker_pid(web)
        if pid != self.process:
            self.process, self.viewers, self.held = pid, [], {name: [] for name in COUNTED}
        process, counted = psutil.Process(pid), web.home / "greenlets"
        greenlets = float(counted.read_text() or 0) if counted.exists() else 0.0
        found = process.memory_info().rss / 2**20, float(process.num_fds()), greenlets
        self.viewers.append(viewers)
        for name, value in zip(COUNTED, found, strict=True):
            self.held[name].append(value)
        with self.file.open("a") as rows:
            gone = time.monotonic() - self.began
            rows.write(f"{gone:.0f},{pid},{viewers},{','.join(f'{value:.1f}' for value in found)}\n")

    def growth(self) -> dict[str, tuple[float, float]]:
        """Earlier and later means of the last process, its warming up aside and when all viewers were in."""
        most = max(self.viewers)
        whole = [at for at, viewers in enumerate(self.viewers) if viewers >= 0.95 * most]
        warm = whole[len(whole) // 4 :]
        early, late = warm[: len(warm) // 2] or warm, warm[len(warm) // 2 :]
        return {
            name: (_mean([looks[at] for at in early]), _mean([looks[at] for at in late]))
            for name, looks in self.held.items()
        }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=30)
    asked.add_argument("--viewers", type=int, default=1000)
    asked.add_argument("--on", choices=["sqlite", "postgres"], default="sqlite")
    asked.add_argument("--seed", type=int, default=random.randrange(10**6))
    told = asked.parse_args()
    server.raise_open_file_limit()
    rows = Path("var") / f"soak-{told.on}-{told.seed}.csv"
    rows.parent.mkdir(exist_ok=True)
    rows.write_text(f"seconds,process,viewers,{','.join(COUNTED)}\n")
    with tempfile.TemporaryDirectory() as home, scene(Path(home), told.on) as stage:
        soak(stage, told.minutes * 60, told.viewers, told.seed, Looks(rows))


@contextmanager
def scene(home: Path, on: str) -> Iterator[Scene]:
    if on == "postgres":
        with several(home, app=APP) as installation, installation.worker():
            yield raise_scene(installation.webs, installation)
        return
    with alone(home, app=APP) as web:
        yield raise_scene([web])


def soak(stage: Scene, seconds: float, viewers: int, seed: int, looks: Looks) -> None:
    chance, done = random.Random(seed), threading.Event()
    web, counts = stage.web, Counter[str]()
    struck: list[str] = []
    cookies = ["; ".join(f"{one.name}={one.value}" for one in member.cookies) for member in stage.members]
    load = LoadClient(
        web.port, [("chat.enter", {"room": ROOM})], origin=web.environment["PUBLIC_URL"], cookies=cookies
    )
    load.reconnects = True
    watching = threading.Thread(target=_watch, args=(load, viewers, done), daemon=True)

    def struck_anew() -> None:
        struck.append(kill_and_restart(stage, len(struck)))

    with (
        a_busy_room(stage.room, stage.members, seed=seed, pause=0.2) as history,
        busy_people(stage.room, seed=seed, kills=struck) as actions,
    ):
        watching.start()
        began = time.monotonic()
        while (gone := time.monotonic() - began) < seconds:
            _peace(chance.uniform(*BETWEEN), looks, web, load)
            if gone < (1 - CALM) * seconds and chance.random() < KILLS:
                name, fault = "kill", struck_anew
            else:
                name, fault = chance.choice(faults(stage, chance))
            fault()
            counts[name] += 1
            memory = looks.held["memory"][-1]
            kept, acted = len(history.kept), sum(actions.changes.values())
            print(f"{gone:6.0f} s  {name:16} said {kept:6}  done {acted:5}  {memory:.0f} MiB", flush=True)
        _peace(POLL_INTERVAL_SECONDS * 2, looks, web, load)
    done.set()
    watching.join(30)
    report(history, actions, counts, load, looks)


def faults(stage: Scene, chance: random.Random) -> list[tuple[str, Fault]]:
    """What may happen besides kills."""

    def for_a_while(breaking: Callable[[], AbstractContextManager[None]]) -> Fault:
        def fault() -> None:
            with breaking():
                threading.Event().wait(chance.uniform(*LASTS))

        return fault

    web, installation = stage.web, stage.installation
    if installation is None:
        return [("locked", for_a_while(lambda: locked(web))), ("disk full", for_a_while(lambda: full(web)))]
    messenger, database = installation.messenger, installation.database
    return [
        ("Redis dead", for_a_while(lambda: dead(messenger))),
        ("Redis frozen", for_a_while(lambda: frozen(messenger))),
        ("PostgreSQL gone", for_a_while(lambda: crashed(database))),
        ("PostgreSQL frozen", for_a_while(lambda: frozen(database))),
    ]


def report(
    history: History, actions: ActionHistory, counts: Counter[str], load: LoadClient, looks: Looks
) -> None:
    grown, kept = looks.growth(), len(history.kept)
    troubles = {what: times for what, times in load.faults.items() if what not in EXPECTED}
    print(
        f"\n{kept} lines acknowledged, none lost, none doubled, one order; 99 % in {history.slowest():.2f} s"
    )
    print(
        f"{sum(actions.changes.values())} actions acknowledged, all of them stored; every job and mail done"
    )
    print(f"faults: {dict(counts)}")
    print(f"viewers: {len(load.viewers)}, {load.deliveries} deliveries, {troubles}")
    for name, (early, late) in grown.items():
        print(f"the last process: {name} {early:.1f}, later {late:.1f}")
    print(f"every look: {looks.file}")
    assert "never got in" not in load.faults, "the viewers never got in, so this showed little"
    growing = [name for name, (early, late) in grown.items() if late > MAY_GROW * early + NOISE]
    assert growing == [], "something grows"


def _peace(seconds: float, looks: Looks, web: Ontmoet, load: LoadClient) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        looks.look(web, sum(1 for one in list(load.viewers) if one.step == Step.INSIDE))
        threading.Event().wait(min(POLL_INTERVAL_SECONDS, left))


def _watch(load: LoadClient, viewers: int, done: threading.Event) -> None:
    load.join(viewers, over=viewers / 100)
    while not done.is_set():
        load.run(1.0)
    load.close()


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


if __name__ == "__main__":
    main()
