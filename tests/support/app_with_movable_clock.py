"""The product with a clock whose offset is read from a file, for journeys."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from events.core.runtime import runtime

AHEAD = Path(os.environ["CLOCK_AHEAD"])


def moved_time() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(AHEAD.read_text()))


runtime.clock = moved_time

from wsgi import app  # noqa: E402 - the clock is set first

__all__ = ["app"]
