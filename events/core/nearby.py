"""What every web process does for its own viewers, again and again, whether others can be reached or not."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import gevent
import structlog
from flask import Flask

log = structlog.get_logger()
W = TypeVar("W", bound=Callable[[], None])
works: dict[Callable[[], None], timedelta] = {}


def nearby(*, every: timedelta) -> Callable[[W], W]:
    """Declare such work. Unlike a job it runs in each process, and leaves no trace."""

    def register(work: W) -> W:
        works[work] = every
        return work

    return register


def start(app: Flask) -> None:
    for work, every in works.items():
        gevent.spawn(_repeat, app, work, every.total_seconds())


def _repeat(app: Flask, work: Callable[[], None], every: float) -> None:
    with app.app_context():
        while True:
            gevent.sleep(every)
            try:
                work()
            except Exception:  # the next time must come
                log.exception("work nearby failed", work=work.__qualname__)
