"""Starts the measured servers on one processor core and reads their processor time and memory."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import psutil

from bench.realtime.baselines.sign_in_many import sign_in_many
from events.core.realtime.socket_gate import OTHER_FILES
from events.seed.people_data import CAST, members
from events.seed.run import PASSWORD
from tests.support.http_and_socket_client import Member
from tests.support.processes import ROOT, Ontmoet, free_port, node, wait_for_port

ROOM = "livestream:demo-live"
SLUG = "demo-live"
PEOPLE = 8  # sign in with the form; each watches in many tabs
SERVER_CORE, LOAD_CORE = 0, 1
SPARE_FILES = 300  # connections that wait to be accepted or closed


@dataclass
class Served:
    name: str
    port: int
    processes: list[int]
    origin: str = ""
    cookies: list[str] = field(default_factory=lambda: [""])
    hello: list[tuple[str, dict[str, object]]] = field(
        default_factory=lambda: [("chat.enter", {"room": ROOM})]
    )
    site: Ontmoet | None = None

    def cpu_seconds(self) -> float:
        """Seconds of processor time so far, with all children."""
        return float(sum(sum(one.cpu_times()[:2]) for one in self._tree()))

    def memory(self) -> float:
        """KiB in use, with all children."""
        return float(sum(one.memory_info().rss for one in self._tree())) / 1024

    def _tree(self) -> list[psutil.Process]:
        parents = [psutil.Process(one) for one in self.processes]
        return [*parents, *(child for one in parents for child in one.children(recursive=True))]


def raise_open_file_limit() -> None:
    """Raise the soft limit of open files to the hard one; child processes inherit it."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def missing_open_files(viewers: int) -> int | None:
    """The limit of open files that so many more viewers need, or None if this process may open them.

    A server needs one file a viewer too, and keeps `OTHER_FILES` for pages, files and its database.
    """
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    needed = max(len(os.listdir("/proc/self/fd")), OTHER_FILES) + viewers + SPARE_FILES
    return None if limit == resource.RLIM_INFINITY or needed <= limit else needed


@contextmanager
def pinned_to_core(number: int) -> Iterator[None]:
    """Pin this process and its new children to one core, on a machine with several."""
    before = os.sched_getaffinity(0)
    if len(before) > 1:
        os.sched_setaffinity(0, {number})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def program(name: str, *command: str, **environment: str) -> Iterator[Served]:
    """A reference, started with the port as its last argument or in its command as PORT."""
    port = free_port()
    filled = [part.replace("PORT", str(port)) for part in command]
    with pinned_to_core(SERVER_CORE):
        process = subprocess.Popen(
            filled,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    try:
        wait_for_port(port)
        yield Served(name, port, [process.pid])
    finally:
        process.kill()
        process.wait()


Starts: TypeAlias = AbstractContextManager[Served]


def bare() -> Starts:
    return program("bare gevent", sys.executable, "-m", "bench.realtime.baselines.bare_gevent", "PORT")


def socketio_of_node() -> Starts:
    return program("Node socket.io", node(), "bench/realtime/baselines/node.mjs", "PORT")


def uwebsockets() -> list[Starts]:
    """The native publish of uWebSockets, as Bun has it; nothing where Bun was not fetched or does not run."""
    for bun in (ROOT / "bench" / "node_modules" / "@oven").glob("bun-*/bin/bun"):  # by `make bench` alone
        if subprocess.run([bun, "--version"], capture_output=True, check=False).returncode == 0:
            return [program("uWebSockets", str(bun), "bench/realtime/baselines/uwebsockets.mjs", "PORT")]
    return []


def stock() -> Starts:
    gunicorn = [sys.executable, "-m", "gunicorn", "-k", "gevent", "--no-control-socket"]
    gunicorn += ["--worker-connections", "20000"]
    return program(
        "stock Flask-SocketIO",
        *gunicorn,
        "-b",
        "127.0.0.1:PORT",
        "bench.realtime.baselines.stock:app",
    )


@contextmanager
def product(home: Path, **environment: str) -> Iterator[Served]:
    """The product with the demo circle, and people who signed in with its form."""
    site = Ontmoet(home, app="bench.realtime.baselines.product:app", **environment)
    site.flask("prepare")
    site.flask("seed")
    with pinned_to_core(SERVER_CORE):
        site.start()
    try:
        assert site.process is not None
        yield Served("Ontmoet", site.port, [site.process.pid], site.url, sign_in(site), hello(), site)
    finally:
        site.stop()


def hello() -> list[tuple[str, dict[str, object]]]:
    """What a page says when it comes in."""
    return [("chat.enter", {"room": ROOM}), ("presence.enter", {"livestream": SLUG})]


def sign_in_viewers(served: Served, count: int) -> None:
    """Give the viewers of the product so many different signed-in people."""
    assert served.site is not None
    served.cookies = sign_in_many(served.site.environment, count)


def sign_in(site: Ontmoet) -> list[str]:
    """The cookies of people who signed in as a browser does."""
    addresses = [one.email for one in (*CAST, *members())][:PEOPLE]
    signed_in = [Member(address.split("@")[0], site, PASSWORD) for address in addresses]
    return ["; ".join(f"{one.name}={one.value}" for one in member.cookies) for member in signed_in]
