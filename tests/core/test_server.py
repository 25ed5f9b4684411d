"""Start of a web process: one process per SQLite file, and broadcasts that let requests run in between."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import gevent
import pytest
from flask import Flask
from gevent.event import Event
from gevent.queue import SimpleQueue

from events.core import server
from events.core.config import Settings
from events.core.cooperative import MAX_HOLD_SECONDS
from events.core.server import DatabaseTaken


def test_a_second_process_on_the_same_sqlite_file_refuses_to_start(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/x.db")
    server._lock_database(settings)
    with pytest.raises(DatabaseTaken, match="in use by another process"):
        server._lock_database(settings)


def test_requests_are_served_between_two_broadcasts(app: Flask, settings: Settings) -> None:
    """A round of a hundred people broadcasts fifty coffees; a page must not wait for all of them."""
    order: list[str] = []

    def tell(number: int) -> None:
        order.append(f"told {number}")
        if number == 1:
            gevent.spawn(order.append, "a page")
        begun = time.monotonic()
        while time.monotonic() - begun < MAX_HOLD_SECONDS:  # as long as it takes to keep others waiting
            pass

    work: SimpleQueue[Callable[[], None]] = SimpleQueue()
    for number in (1, 2):
        work.put(partial(tell, number))
    told = Event()
    work.put(told.set)
    telling = gevent.spawn(server._dispatch, app, settings, work)
    told.wait()
    telling.kill()
    assert order == ["told 1", "a page", "told 2"]
