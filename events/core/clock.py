"""Clock: the one source of the current time, an aware UTC datetime that tests can set."""

from collections.abc import Callable
from datetime import UTC, datetime


def _system_time() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_time


def now() -> datetime:
    return _source()


def set_source(source: Callable[[], datetime] | None) -> None:
    """Replace the clock in tests and seeding; None restores the system clock."""
    global _source  # noqa: PLW0603 - the one switch of the one clock
    _source = source or _system_time
