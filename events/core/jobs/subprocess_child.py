"""Child process of `subprocess_pool`: sets its resource limits, calls one function, writes JSON
Lines to stdout.
"""

import gc
import importlib
import os
import resource
import sys

from events.core.jobs.json_lines import dump_lines, load_lines

NICENESS = 10


def main() -> None:
    os.nice(NICENESS)  # requests have priority
    gc.disable()  # the process exits after one result; cyclic GC is wasted time
    target, cpu, memory = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_AS, (memory * 1024 * 1024, memory * 1024 * 1024))
    module, _, name = target.partition(":")
    if not module.startswith("events."):
        raise SystemExit("only our own functions are offloaded")
    function = getattr(importlib.import_module(module), name)
    sys.stdout.buffer.writelines(dump_lines(function(load_lines(sys.stdin.buffer))))


if __name__ == "__main__":
    main()
