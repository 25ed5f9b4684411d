"""The other side of `offload`: limits itself, calls one function, answers on standard output."""

import gc
import importlib
import os
import resource
import sys

from events.core.jobs.json_lines import dump_lines, load_lines

POLITE = 10


def main() -> None:
    os.nice(POLITE)  # whoever waits for a page goes first
    gc.disable()  # it ends with its answer: looking for rings in what it holds until then is time lost
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
