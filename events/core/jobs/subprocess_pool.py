"""Heavy pure work in a child process with limits: the web loop never waits for it."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from events.core.config import ROOT
from events.core.cooperative import yield_between
from events.core.db.session import assert_no_transaction
from events.core.jobs.json_lines import dump_lines, load_lines


class OffloadFailed(RuntimeError):
    """The child ran out of time or memory, or raised; the message says which."""


@dataclass(frozen=True)
class ResourceLimits:
    """What a child may use: CPU and wall time in seconds, memory in MiB."""

    cpu: int = 60
    wall: int = 90
    memory: int = 2048


DEFAULT_BOUNDS = ResourceLimits()


def offload_all(target: str, payloads: list[Any], bounds: ResourceLimits = DEFAULT_BOUNDS) -> list[Any]:
    """The same for several values side by side; None in the place of each that was stopped or raised."""

    def answer(payload: Any) -> Any:
        try:
            return offload(target, payload, bounds)
        except OffloadFailed:
            return None

    assert_no_transaction("child processes")
    with ThreadPoolExecutor(max_workers=max(len(payloads), 1)) as side_by_side:
        return list(side_by_side.map(answer, payloads))


def offload(target: str, payload: object, bounds: ResourceLimits = DEFAULT_BOUNDS) -> object:
    """Call `package.module:function` with a JSON value in a child of its own and return its JSON answer."""
    assert_no_transaction("a child process")
    command = [
        sys.executable, "-m", "events.core.jobs.subprocess_child", target,
        str(bounds.cpu), str(bounds.memory),
    ]  # fmt: skip
    environment = {key: os.environ[key] for key in ("PATH", "LANG", "HOME") if key in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own module
            command,
            input=b"".join(yield_between(dump_lines(payload))),
            capture_output=True,
            timeout=bounds.wall,
            cwd=ROOT,
            env=environment | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OffloadFailed(f"{target} took longer than {bounds.wall} s") from None
    if done.returncode != 0:
        raise OffloadFailed(f"{target}: {done.stderr.decode(errors='replace')[-500:] or done.returncode}")
    return load_lines(yield_between(done.stdout.splitlines()))
