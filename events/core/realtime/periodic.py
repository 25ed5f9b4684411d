"""What every web process does for its own viewers, again and again, whether others can be reached or not."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import gevent
from flask import Flask

from events.core.outages import log_recovery, log_repeated_failure

W = TypeVar("W", bound=Callable[[], None])
works: dict[Callable[[], None], timedelta] = {}


def per_process_task(*, every: timedelta) -> Callable[[W], W]:
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
                log_recovery(f"{work.__qualname__} failed")
            except Exception as error:  # the next time must come
                log_repeated_failure(f"{work.__qualname__} failed", error)
