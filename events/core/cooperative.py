"""Long work in pieces: between them whoever else waits for this process is served.

`politely` is for work that counts its own pieces. Background work that reads and writes in a web process
says once that it is polite; from then on each of its statements gives way when others have waited long.
"""

import time
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import TypeVar

import gevent

T = TypeVar("T")
PAUSE = 0.001  # seconds
MAX_HOLD_SECONDS = 0.01  # seconds that polite work may keep the loop from looking who else is ready
_polite: ContextVar[bool] = ContextVar("polite", default=False)


def yield_between(pieces: Iterable[T]) -> Iterator[T]:
    """The same pieces, with a pause after each in which others have their turn."""
    for piece in pieces:
        yield piece
        time.sleep(PAUSE)  # as gevent means it


def mark_background() -> None:
    """From now on this greenlet gives way: for what nobody waits for, in a process that serves people."""
    _polite.set(True)


def yield_if_due() -> None:
    """Let others have their turn, if polite work has kept them for long. A transaction may stay open."""
    if (
        _polite.get() and time.time() - gevent.get_hub().loop.now() >= MAX_HOLD_SECONDS
    ):  # since the loop last looked
        gevent.sleep(PAUSE)
