"""Fair in-process lock per key, taken before a database connection.

Frames that write to a busy room wait for its row. Waiting here is first come, first served, which a
database does not promise, and keeps connections free. Between processes the row lock decides.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary

from events.core.errors import Unavailable

MAX_WAIT_SECONDS = 3.0  # longer means that the holder is stuck

_locks: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()


@contextmanager
def keyed_lock(key: str | None) -> Iterator[None]:
    """Hold the lock of `key`; None locks nothing. Raises Unavailable after MAX_WAIT_SECONDS."""
    if key is None:
        yield
        return
    lock = _locks.setdefault(key, threading.Lock())
    if not lock.acquire(timeout=MAX_WAIT_SECONDS):
        raise Unavailable()
    try:
        yield
    finally:
        lock.release()
