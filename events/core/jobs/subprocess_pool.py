"""Runner of CPU-heavy pure functions in child processes with CPU, memory and time limits."""

import os
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from events.core.config import ROOT
from events.core.cooperative import yield_between
from events.core.db.session import assert_no_transaction
from events.core.jobs.json_lines import dump_lines, load_lines
from events.core.jobs.subprocess_child import find_function
from events.core.runtime import runtime


class OffloadFailed(RuntimeError):
    """The child exceeded a limit or raised; the message says which."""


@dataclass(frozen=True)
class ResourceLimits:
    """Limits of a child: CPU and wall time in seconds, memory in MiB."""

    cpu: int = 60
    wall: int = 90
    memory: int = 2048


DEFAULT_LIMITS = ResourceLimits()


def offload_all(target: str, payloads: list[Any], limits: ResourceLimits = DEFAULT_LIMITS) -> list[Any]:
    """Call the function with several values in parallel; None where a child failed."""

    def run(payload: Any) -> Any:
        try:
            return offload(target, payload, limits)
        except OffloadFailed:
            return None

    assert_no_transaction("child processes")
    if runtime.inline_children:  # the functions set signals, which only a main thread may
        return list(map(run, payloads))
    with ThreadPoolExecutor(max_workers=max(len(payloads), 1)) as threads:
        return list(threads.map(run, payloads))


def offload(target: str, payload: object, limits: ResourceLimits = DEFAULT_LIMITS) -> object:
    """Call `package.module:function` with a JSON value in a child process and return its JSON
    result. Raises OffloadFailed.
    """
    assert_no_transaction("a child process")
    if runtime.inline_children:
        return _call_inline(target, payload)
    command = [
        sys.executable, "-m", "events.core.jobs.subprocess_child", target,
        str(limits.cpu), str(limits.memory),
    ]  # fmt: skip
    environment = {key: os.environ[key] for key in ("PATH", "LANG", "HOME") if key in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own module
            command,
            input=b"".join(yield_between(dump_lines(payload))),
            capture_output=True,
            timeout=limits.wall,
            cwd=ROOT,
            env=environment | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OffloadFailed(f"{target} took longer than {limits.wall} s") from None
    if done.returncode != 0:
        raise OffloadFailed(f"{target}: {done.stderr.decode(errors='replace')[-500:] or done.returncode}")
    return load_lines(yield_between(done.stdout.splitlines()))


def _call_inline(target: str, payload: object) -> object:
    """The same function with the same JSON, without its second of imports. For tests."""
    try:
        with warnings.catch_warnings(action="ignore"):  # those of a child are not read either
            return load_lines(list(dump_lines(find_function(target)(load_lines(list(dump_lines(payload)))))))
    except Exception as error:
        raise OffloadFailed(f"{target}: {error!r}") from error
