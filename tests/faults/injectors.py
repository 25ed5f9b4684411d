"""Fault injectors: kill, freeze, lock or fill a part of an installation; each repairs what it broke."""

import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from events.core.sqlite_driver import sqlite
from tests.support.postgres_server import Postgres
from tests.support.processes import Ontmoet, Redis

if TYPE_CHECKING:
    from tests.faults.conftest import Scene


def kill(web: Ontmoet) -> None:
    """SIGKILL gunicorn's arbiter and its worker."""
    assert web.process is not None
    for pid in (web.process.pid, worker_pid(web)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    web.process.wait()
    web.process = None


def kill_and_restart(scene: "Scene", number: int) -> str:
    """Kill one web process and start it again, with every third the worker too; returns the address."""
    web = scene.room.webs[number % len(scene.room.webs)]
    if scene.installation is not None and number % 3 == 1:
        scene.installation.kill_worker()
        scene.installation.start_worker()
    kill(web)
    web.start()
    return web.url


def worker_pid(web: Ontmoet) -> int:
    """The gunicorn worker, which serves requests; `web.process` is its arbiter."""
    assert web.process is not None
    arbiter = web.process.pid
    (child,) = Path(f"/proc/{arbiter}/task/{arbiter}/children").read_text().split()
    return int(child)


@contextmanager
def dead(messenger: Redis) -> Iterator[None]:
    """Redis is stopped; its port refuses connections."""
    messenger.stop()
    yield
    messenger.start()


@contextmanager
def frozen(server: Redis | Postgres) -> Iterator[None]:
    """SIGSTOP: connections are accepted and never answered."""
    server.send(signal.SIGSTOP)
    try:
        yield
    finally:
        server.send(signal.SIGCONT)


@contextmanager
def crashed(database: Postgres) -> Iterator[None]:
    database.stop()
    yield
    database.start()


@contextmanager
def locked(web: Ontmoet) -> Iterator[None]:
    """Another process holds the write lock of the SQLite file."""
    with closing(sqlite.connect(web.home / "ontmoet.db", isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout = 10000")
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full(web: Ontmoet) -> Iterator[None]:
    """No file of this process may grow (RLIMIT_FSIZE), as on a full disk."""
    pid = worker_pid(web)
    size = os.stat(web.home / "ontmoet.db").st_size
    _soft, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, most))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A tmpfs mounted at `folder`; None where this user may not mount."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=256m,mode=755", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """The disk is filled to its last byte."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1024 * 1024, 4096):
            with suppress(OSError):
                while True:
                    file.write(b"x" * size)
    yield
    filler.unlink()
