"""Who comes while this process is behind is asked to come back, before those who are inside have to wait."""

import random
import time
from collections.abc import Callable

import gevent
import structlog

from events.core.errors import Unavailable

log = structlog.get_logger()
POLL_INTERVAL_SECONDS = 0.1  # seconds
MAX_LOOP_LAG_SECONDS = 2.0  # seconds; two hundred who come in a second are far below
RETRY_AFTER_SECONDS = (2, 8)  # seconds, by chance for each: they must not come back together

_behind = 0.0


def reject_if_overloaded() -> None:
    """Refuse whoever comes in now when everybody waits already. Who is inside is never asked to leave."""
    if _behind > MAX_LOOP_LAG_SECONDS:
        raise Unavailable(retry_after=random.randint(*RETRY_AFTER_SECONDS))  # noqa: S311 - nothing secret


def loop_lag() -> float:
    """How late, in seconds, the event loop woke the greenlet that measures it."""
    return _behind


def watch(sleep: Callable[[float], object] = gevent.sleep) -> None:
    """Note how late this loop is: a greenlet that wakes late has stood in line with everything else."""
    global _behind  # noqa: PLW0603 - one process, one loop
    while True:
        before = time.monotonic()
        sleep(POLL_INTERVAL_SECONDS)
        late = max(0.0, time.monotonic() - before - POLL_INTERVAL_SECONDS)
        if late > MAX_LOOP_LAG_SECONDS >= _behind:
            log.warning("too much at once: who comes is asked to come back", behind=round(late, 1))
        _behind = late
