"""Processes of the product that start quickly: forks of one that has loaded its modules already.

Loading them takes two seconds of processor time, and tests start more than a hundred.
Nothing of the product is set up before the fork: settings, database and clock come with the environment
of each.
Servers fork from a process in which gevent patched the standard library before all else, as in
deploy/gunicorn.conf.py; commands from one where it did not. tests/architecture/test_units.py and parts of
tests/core/test_cli.py start them from nothing.
"""

import gc
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from gevent import monkey
from gevent.os import fork_gevent

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_SECONDS = 120.0  # until a command counts as stuck
SERVER, COMMAND = "gunicorn", "flask"
LOADED = {
    SERVER: ("gunicorn.app.wsgiapp", "gunicorn.workers.ggevent", "events.core.server", "events.app"),
    COMMAND: ("flask.cli", "events.app"),
}


class Forked:
    """A process that the origin forked; it is used as one of `subprocess.Popen`."""

    def __init__(self, origin: "Origin", pid: int) -> None:
        self._origin, self.pid = origin, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._origin.ask(ended=self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        deadline = time.monotonic() + (timeout or float("inf"))
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Origin:
    """The process that has the modules loaded. It never opens anything of its own, and ends with this one."""

    def __init__(self, kind: str) -> None:
        plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.quick_start", kind],
            cwd=ROOT, env=plain | {"PYTHONUNBUFFERED": "1"}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._one_at_a_time = threading.Lock()

    def ask(self, **question: object) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._one_at_a_time:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


Process = Forked | subprocess.Popen[bytes]
_origins: dict[str, Origin] = {}
_forked: set[str] = set()  # kinds; all others start from nothing
_one_origin_a_kind = threading.Lock()


@contextmanager
def quick_starts(*kinds: str) -> Iterator[None]:
    """Processes of these kinds are forked in here. The origins stay until `close_origins`."""
    before = set(_forked)
    _forked.update(kinds)
    try:
        yield
    finally:
        _forked.intersection_update(before)


def close_origins() -> None:
    while _origins:
        _origins.popitem()[1].close()


def start(
    kind: str,
    arguments: list[str],
    environment: Mapping[str, str],
    said: Path,
    complained: Path | None = None,
    *,
    new_session: bool = False,
) -> Process:
    """Start `python -m` with these arguments; what it says is added to files."""
    if kind not in _forked:
        with said.open("ab") as out, (complained or said).open("ab") as errors:
            return subprocess.Popen(
                [sys.executable, "-m", *arguments], cwd=ROOT, env=environment,
                stdout=out, stderr=errors, start_new_session=new_session,
            )  # fmt: skip
    with _one_origin_a_kind:  # several processes may be started at once
        origin = _origins.get(kind) or _origins.setdefault(kind, Origin(kind))
    pid = origin.ask(
        arguments=arguments, environment=dict(environment), new_session=new_session,
        files=[str(said), str(complained or said)],
    )  # fmt: skip
    return Forked(origin, pid)


def finish(arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Run `python -m` with these arguments to its end: exit code, what it said, what it complained of."""
    with tempfile.TemporaryDirectory() as folder:
        said, complained = Path(folder) / "said", Path(folder) / "complained"
        code = start(COMMAND, arguments, environment, said, complained).wait(TIMEOUT_SECONDS)
        return code, said.read_text(), complained.read_text()


def run(arguments: list[str], environment: Mapping[str, str]) -> str:
    """What it said; fails with what it complained of."""
    code, said, complained = finish(arguments, environment)
    assert code == 0, complained
    return said


def _serve(kind: str) -> None:
    """The origin: fork on each question until there are no more. Returns in the child too, after its work."""
    if kind == SERVER:
        monkey.patch_all()
    for name in LOADED[kind]:
        import_module(name)
    # limits starts a thread, of which forks would have half.
    for thread in set(threading.enumerate()) - {threading.main_thread()}:
        thread.join()
    gc.collect()
    gc.freeze()
    fork = fork_gevent if kind == SERVER else os.fork
    waitpid = monkey.get_original("os", "waitpid")
    for line in sys.stdin.buffer:
        question = json.loads(line)
        if "ended" in question:
            pid, status = waitpid(question["ended"], os.WNOHANG)
            _answer(os.waitstatus_to_exitcode(status) if pid else None)
            continue
        pid = fork()
        if pid == 0:
            _become(**question)
            return
        _answer(pid)


def _answer(value: int | None) -> None:
    os.write(1, json.dumps(value).encode() + b"\n")


def _become(
    arguments: list[str], environment: dict[str, str], files: list[str], *, new_session: bool
) -> None:
    if new_session:
        os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for place, file in enumerate(files, start=1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), place)
    sys.argv = ["", *arguments[1:]]
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _serve(sys.argv[1])
