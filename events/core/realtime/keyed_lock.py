"""One after the other, in the order in which they came, and before anyone holds a connection.

Who writes in a busy room waits for the row of that room. Waiting here is fair, where a database lets
anybody go next, and it leaves the connections to everyone else. Among processes it is the row that decides.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary

from events.core.errors import Unavailable

MAX_WAIT_SECONDS = 3.0  # seconds; whoever is before us then waits for something that does not come

_turns: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()


@contextmanager
def keyed_lock(key: str | None) -> Iterator[None]:
    """Wait until nobody else of this process is at `key`; Unavailable when that takes too long."""
    if key is None:
        yield
        return
    mine = _turns.setdefault(key, threading.Lock())
    if not mine.acquire(timeout=MAX_WAIT_SECONDS):
        raise Unavailable()
    try:
        yield
    finally:
        mine.release()
