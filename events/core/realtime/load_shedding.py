"""Load shedding: when the event loop lags, new connections are refused (503, Retry-After) so that
connected users are not slowed down.
"""

import random
import time
from collections.abc import Callable

import gevent
import structlog

from events.core.errors import Unavailable

log = structlog.get_logger()
POLL_INTERVAL_SECONDS = 0.2
MAX_LOOP_LAG_SECONDS = 2.0  # two hundred arrivals per second stay far below
RETRY_AFTER_SECONDS = (2, 8)  # random between these, so that clients do not return together

_lag = 0.0


def reject_if_overloaded() -> None:
    """Raise Unavailable while the loop lags more than MAX_LOOP_LAG_SECONDS. Open sockets stay."""
    if _lag > MAX_LOOP_LAG_SECONDS:
        raise Unavailable(retry_after=random.randint(*RETRY_AFTER_SECONDS))  # noqa: S311 - nothing secret


def loop_lag() -> float:
    """How late, in seconds, the event loop woke the greenlet that measures it."""
    return _lag


def watch(sleep: Callable[[float], object] = gevent.sleep) -> None:
    """Measure loop lag for ever: how late this greenlet wakes."""
    global _lag  # noqa: PLW0603 - one process, one loop
    while True:
        before = time.monotonic()
        sleep(POLL_INTERVAL_SECONDS)
        late = max(0.0, time.monotonic() - before - POLL_INTERVAL_SECONDS)
        if late > MAX_LOOP_LAG_SECONDS >= _lag:
            log.warning("overloaded: new connections refused", lag=round(late, 1))
        _lag = late
