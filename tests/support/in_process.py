"""Cheap stand-ins for child processes and Argon2 in tests of what surrounds them.

`tests/core/test_subprocess_pool.py`, `test_free_busy.py` and `test_crypto.py` try the real ones; a test that
needs a real child process takes the fixture `child_process`.
"""

import importlib
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from argon2 import PasswordHasher

from events.availability import jobs as calendar_jobs
from events.core.auth import crypto
from events.core.db.session import assert_no_transaction
from events.core.jobs import subprocess_pool
from events.core.jobs.json_lines import dump_lines, load_lines
from events.core.jobs.subprocess_pool import DEFAULT_LIMITS, OffloadFailed, ResourceLimits
from events.core.mail import mailbox
from events.pairing import offloaded


def install() -> None:
    """For this test process: a child imports for a second, and a hash takes a twentieth."""
    for module, name, stand_in, _real in _offloads():
        setattr(module, name, stand_in)
    crypto._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    crypto._DUMMY_HASH = crypto._hasher.hash("dummy")


def use_child_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, _stand_in, real in _offloads():
        monkeypatch.setattr(module, name, real)


def _offloads() -> list[tuple[ModuleType, str, Callable[..., object], Callable[..., object]]]:
    """Where features import the functions by name."""
    return [
        (offloaded, "offload", offload, subprocess_pool.offload),
        (mailbox, "offload", offload, subprocess_pool.offload),
        (calendar_jobs, "offload_all", offload_all, subprocess_pool.offload_all),
    ]


def offload(target: str, payload: object, _limits: ResourceLimits = DEFAULT_LIMITS) -> object:
    """The same function with the same JSON, in this process and without limits."""
    assert_no_transaction("a child process")
    module, _, name = target.partition(":")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nobody reads those of a child
            result = getattr(importlib.import_module(module), name)(load_lines(list(dump_lines(payload))))
    except Exception as fault:
        raise OffloadFailed(f"{target}: {fault!r}") from fault
    return load_lines(list(dump_lines(result)))


def offload_all(target: str, payloads: list[Any], _limits: ResourceLimits = DEFAULT_LIMITS) -> list[Any]:
    assert_no_transaction("child processes")
    results: list[Any] = []
    for payload in payloads:
        try:
            results.append(offload(target, payload))
        except OffloadFailed:
            results.append(None)
    return results
