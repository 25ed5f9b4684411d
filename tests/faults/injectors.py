"""What is done to an installation on purpose; each puts right afterwards what it broke."""

import os
import resource
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tests.support.postgres_server import Postgres
from tests.support.processes import Ontmoet, Redis


def kill(web: Ontmoet) -> None:
    """SIGKILL the process that serves and the one that minds it; nothing gets a chance to tidy up."""
    assert web.process is not None
    for pid in (web.process.pid, serving(web)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    web.process.wait()
    web.process = None


def serving(web: Ontmoet) -> int:
    """The process that serves, below the one that minds it."""
    assert web.process is not None
    minder = web.process.pid
    (child,) = Path(f"/proc/{minder}/task/{minder}/children").read_text().split()
    return int(child)


@contextmanager
def dead(messenger: Redis) -> Iterator[None]:
    """Redis is gone, and nobody answers at its address."""
    messenger.stop()
    yield
    messenger.start()


@contextmanager
def frozen(server: Redis | Postgres) -> Iterator[None]:
    """It takes what it is sent and answers nothing."""
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
    """Somebody else writes to the SQLite file and takes their time."""
    with closing(sqlite3.connect(web.home / "ontmoet.db", isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout = 10000")
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full(web: Ontmoet) -> Iterator[None]:
    """No file of this process may grow any more, as on a disk without space."""
    pid = serving(web)
    size = os.stat(web.home / "ontmoet.db").st_size
    _soft, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, most))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A disk of its own, mounted at `folder`; None where this user may not mount."""
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
    """Not a byte more fits on it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1024 * 1024, 4096):
            with suppress(OSError):
                while True:
                    file.write(b"x" * size)
    yield
    filler.unlink()
