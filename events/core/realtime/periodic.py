"""Periodic tasks that every web process runs for its own connections. Not stored, unlike jobs."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import gevent
from flask import Flask

from events.core.outages import log_recovery, log_repeated_failure

W = TypeVar("W", bound=Callable[[], None])
tasks: dict[Callable[[], None], timedelta] = {}


def per_process_task(*, every: timedelta) -> Callable[[W], W]:
    """Register a function that each process calls every `every`."""

    def register(work: W) -> W:
        tasks[work] = every
        return work

    return register


def start(app: Flask) -> None:
    for work, every in tasks.items():
        gevent.spawn(_repeat, app, work, every.total_seconds())


def _repeat(app: Flask, work: Callable[[], None], every: float) -> None:
    with app.app_context():
        while True:
            gevent.sleep(every)
            try:
                work()
                log_recovery(f"{work.__qualname__} failed")
            except Exception as error:  # the next run must happen
                log_repeated_failure(f"{work.__qualname__} failed", error)
