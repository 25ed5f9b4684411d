"""Clock: the one source of the current time, an aware UTC datetime that tests can set."""

from datetime import datetime

from events.core.runtime import runtime


def now() -> datetime:
    return runtime.clock()
