"""Tells at once while little happens, and gathers in short ticks when much does."""

import time
from collections.abc import Callable
from typing import Generic, TypeAlias, TypeVar

QUIET = 0.1  # seconds since the last telling after which the next is told at once
TICK = 0.05  # seconds of gathering when it is not quiet

Thing = TypeVar("Thing")
Later: TypeAlias = Callable[[float, Callable[[], None]], object]
_later: Later | None = None


def set_later(later: Later) -> None:
    """The socket server says how to call something after some seconds. Until then all is told at once."""
    global _later  # noqa: PLW0603 - set once at start
    _later = later


class Pace(Generic[Thing]):
    """One stream of tellings for each key; a telling never overtakes the one before it.

    Twenty messages a second become ten tellings, a hundred become sixteen, and nobody waits longer than a
    tick. A telling is one query and one frame for everybody, however much it tells.
    """

    def __init__(self, tell: Callable[[str, list[Thing]], None]) -> None:
        self._tell = tell
        self._gathered: dict[str, list[Thing]] = {}
        self._told: dict[str, float] = {}

    def add(self, key: str, thing: Thing) -> None:
        if key in self._gathered:
            self._gathered[key].append(thing)
            return
        self._gathered[key] = [thing]
        if _later is None or time.monotonic() - self._told.get(key, -QUIET) >= QUIET:
            self._tell_now(key)
        else:
            self._tell_later(key)

    def _tell_now(self, key: str) -> None:
        things, self._gathered[key] = self._gathered[key], []
        self._told[key] = time.monotonic()
        try:
            self._tell(key, things)
        finally:
            if self._gathered[key]:  # came in while this was told
                self._tell_later(key)
            else:
                del self._gathered[key]
                self._forget_the_quiet()

    def _tell_later(self, key: str) -> None:
        if _later is None:
            self._tell_now(key)
        else:
            _later(TICK, lambda: self._tell_now(key))

    def _forget_the_quiet(self) -> None:
        if len(self._told) > 1000:
            before = time.monotonic() - QUIET
            self._told = {key: told for key, told in self._told.items() if told > before}
