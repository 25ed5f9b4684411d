"""Child process of `subprocess_pool`: sets its resource limits, calls one function, writes JSON
Lines to stdout.
"""

import gc
import importlib
import os
import resource
import sys
from collections.abc import Callable
from typing import Any

from events.core.jobs.json_lines import dump_lines, load_lines

NICENESS = 10


def main() -> None:
    os.nice(NICENESS)  # requests have priority
    gc.disable()  # the process exits after one result; cyclic GC is wasted time
    target, cpu, memory = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_AS, (memory * 1024 * 1024, memory * 1024 * 1024))
    sys.stdout.buffer.writelines(dump_lines(find_function(target)(load_lines(sys.stdin.buffer))))


def find_function(target: str) -> Callable[[Any], Any]:
    """The function named `package.module:function`. Raises LookupError if it is not one of ours."""
    module, _, name = target.partition(":")
    if not module.startswith("events."):
        raise LookupError("only our own functions are offloaded")
    function: Callable[[Any], Any] = getattr(importlib.import_module(module), name)
    return function


if __name__ == "__main__":
    main()
