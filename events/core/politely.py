"""Long work in pieces: between them whoever else waits for this process is served."""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
PAUSE = 0.001  # seconds


def politely(pieces: Iterable[T]) -> Iterator[T]:
    """The same pieces. A transaction stays open meanwhile: others may wait for the database."""
    for piece in pieces:
        yield piece
        time.sleep(PAUSE)  # as gevent means it
