"""Adaptive batching: flush each item at once while the event loop keeps up, in batches under load."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from events.core.runtime import runtime

MAX_FLUSH_SHARE = 1 / 3  # of the time that passes, spent on flushing one key
MAX_LOOP_LAG_SECONDS = 0.05
TICK_SECONDS = 0.05  # gathering time while the event loop lags

Item = TypeVar("Item")


class Batcher(Generic[Item]):
    """One ordered stream of flushes for each key; a flush never overtakes the one before it.

    After a flush that took d seconds the next one of that key starts 2 d later at the earliest: a small
    room is flushed item by item, a large or slow one in batches whose size follows the load. Without
    `runtime.call_later` every item is flushed at once.
    `min_interval` (seconds) is for flushes that no user waits for.
    """

    def __init__(self, flush: Callable[[str, list[Item]], None], *, min_interval: float = 0.0) -> None:
        self._flush = flush
        self._min_interval = min_interval
        self._pending: dict[str, list[Item]] = {}
        self._not_before: dict[str, float] = {}  # on the monotonic clock

    def add(self, key: str, item: Item) -> None:
        if key in self._pending:
            self._pending[key].append(item)
            return
        self._pending[key] = [item]
        self._schedule(key)

    def _schedule(self, key: str) -> None:
        wait = self._not_before.get(key, 0.0) - time.monotonic()
        if runtime.loop_lag() > MAX_LOOP_LAG_SECONDS:
            wait = max(wait, TICK_SECONDS)
        if runtime.call_later is None or wait <= 0:
            self._flush_now(key)
        else:
            runtime.call_later(wait, lambda: self._flush_now(key))

    def _flush_now(self, key: str) -> None:
        items, self._pending[key] = self._pending[key], []
        began = time.monotonic()
        try:
            self._flush(key, items)
        finally:
            ended = time.monotonic()
            pause = (ended - began) * (1 / MAX_FLUSH_SHARE - 1)
            self._not_before[key] = max(ended + pause, began + self._min_interval)
            if self._pending[key]:  # added during the flush
                self._schedule(key)
            else:
                del self._pending[key]
                self._forget_idle_keys()

    def _forget_idle_keys(self) -> None:
        if len(self._not_before) > 1000:
            now = time.monotonic()
            self._not_before = {key: due for key, due in self._not_before.items() if due > now}
