"""The product with a greenlet that writes the number of greenlets to a file, for the soak test."""

import gc
import os
from pathlib import Path

import gevent

from tests.support.app_with_movable_clock import app

INTERVAL_SECONDS = 4.0  # seconds


def count() -> None:
    file = Path(os.environ["HOME"]) / "greenlets"
    while True:
        gevent.sleep(INTERVAL_SECONDS)
        file.write_text(str(sum(isinstance(one, gevent.Greenlet) for one in gc.get_objects())))


gevent.spawn(count)

__all__ = ["app"]
