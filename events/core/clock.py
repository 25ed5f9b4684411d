"""The only clock: every moment in Ontmoet is an aware UTC datetime read here."""

from collections.abc import Callable
from datetime import UTC, datetime


def _system_time() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_time


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _source()


def set_source(source: Callable[[], datetime] | None) -> None:
    """Let tests move time; None gives the system's clock back."""
    global _source  # noqa: PLW0603 - the one switch of the one clock
    _source = source or _system_time
