"""Cooperative scheduling: long work yields the event loop so that requests are served in between.

`yield_between` is for loops. A background greenlet calls `mark_background` once; then each of its
SQL statements yields when it has held the loop for MAX_HOLD_SECONDS.
"""

import time
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import TypeVar

import gevent

T = TypeVar("T")
PAUSE_SECONDS = 0.001
MAX_HOLD_SECONDS = 0.01  # longest that background work keeps the loop from polling
_is_background: ContextVar[bool] = ContextVar("is_background", default=False)


def yield_between(pieces: Iterable[T]) -> Iterator[T]:
    """Iterate over `pieces` and pause after each one, so that other greenlets run."""
    for piece in pieces:
        yield piece
        time.sleep(PAUSE_SECONDS)  # patched by gevent: other greenlets run


def mark_background() -> None:
    """Mark this greenlet as background work: it yields to greenlets that serve requests."""
    _is_background.set(True)


def yield_if_due() -> None:
    """Pause if background work has held the loop too long. A transaction may stay open meanwhile."""
    if not _is_background.get():
        return
    held = time.time() - gevent.get_hub().loop.now()  # seconds since the loop last polled
    if held >= MAX_HOLD_SECONDS:
        gevent.sleep(PAUSE_SECONDS)
