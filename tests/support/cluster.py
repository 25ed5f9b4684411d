"""One product in several processes: PostgreSQL, Redis, web processes, and a worker when asked for."""

import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from events.seed.run import PASSWORD
from tests.support import quick_start
from tests.support.demo_data import seeded_postgres_data, seeded_sqlite_file
from tests.support.http_and_socket_client import Member
from tests.support.postgres_server import Postgres
from tests.support.processes import Ontmoet, Redis, free_port


@dataclass
class Installation:
    """The demo circle, served by `webs`; they share a clock that a test can move."""

    webs: list[Ontmoet]
    database: Postgres
    messenger: Redis
    members: dict[str, Member] = field(default_factory=dict)
    working: quick_start.Process | None = None

    def member(self, name: str) -> Member:
        if name not in self.members:
            self.members[name] = Member(name, self.webs[0], PASSWORD)
        return self.members[name]

    def start_worker(self) -> None:
        self.working = quick_start.start(
            quick_start.COMMAND,
            ["flask", "--app", "tests.support.app_with_movable_clock:app", "work"],
            self.webs[0].environment,
            self.webs[0].home / "worker.log",
        )

    def kill_worker(self) -> None:
        """Whatever it has in hand."""
        assert self.working is not None
        self.working.kill()
        self.working.wait()

    @contextmanager
    def worker(self) -> Iterator[None]:
        """`flask work`, ended as an operator ends it: with SIGTERM."""
        self.start_worker()
        try:
            yield
        finally:
            assert self.working is not None
            self.working.terminate()
            ended = self.working.wait(15)
            assert ended in {0, -signal.SIGTERM}, (self.webs[0].home / "worker.log").read_text()


@contextmanager
def alone(
    home: Path, *, app: str = "tests.support.app_with_movable_clock:app", **environment: str
) -> Iterator[Ontmoet]:
    """One process on SQLite with the demo circle, ended with the block."""
    web = Ontmoet(home, app=app, **environment)
    shutil.copy(seeded_sqlite_file(), home)
    web.start()
    try:
        yield web
    finally:
        web.end()


@contextmanager
def several(
    home: Path, webs: int = 2, *, app: str = "tests.support.app_with_movable_clock:app", **environment: str
) -> Iterator[Installation]:
    """An installation with the demo circle, ended with the block."""
    database, messenger = Postgres(home / "postgres", copy_of=seeded_postgres_data()), Redis(home / "redis")
    shared = {
        "DATABASE_URL": database.url,
        "REDIS_URL": messenger.url,
        "PUBLIC_URL": f"http://localhost:{free_port()}",
        "MEDIA_DIR": str(home / "media"),
        "CLOCK_AHEAD": str(home / "ahead"),
        **environment,
    }
    running: list[Ontmoet] = []
    try:
        database.start()
        messenger.start()
        for number in range(webs):
            folder = home / f"web{number}"
            folder.mkdir()
            running.append(Ontmoet(folder, app=app, **shared))
        with ThreadPoolExecutor() as all_of_them:
            list(all_of_them.map(Ontmoet.start, running))
        yield Installation(running, database, messenger)
    finally:
        for web in running:
            web.end()
        messenger.stop()
        database.stop()
        database.remove()
