"""Event bus with two phases: listeners inside the transaction (`@on`) and after its commit
(`@after_commit`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeAlias, TypeVar

import structlog
from sqlalchemy.orm import Session

from events.core.runtime import runtime

log = structlog.get_logger()

Listener: TypeAlias = Callable[[Session, Any], None]
AfterListener: TypeAlias = Callable[[Any], None]
L = TypeVar("L", bound=Listener)
A = TypeVar("A", bound=AfterListener)

_on: dict[type, list[Listener]] = defaultdict(list)
_after: dict[type, list[AfterListener]] = defaultdict(list)
_KEY = "announced"


def on(*signals: type) -> Callable[[L], L]:
    """Register listener(db, signal), called inside the transaction: its writes commit or roll back
    with the rest.
    """

    def register(listener: L) -> L:
        for signal in signals:
            if listener not in _on[signal]:
                _on[signal].append(listener)
        return listener

    return register


def after_commit(*signals: type) -> Callable[[A], A]:
    """Register listener(signal), called after the commit. For broadcasts, which may be lost; an
    exception is logged and stops no other listener.
    """

    def register(listener: A) -> A:
        for signal in signals:
            if listener not in _after[signal]:
                _after[signal].append(listener)
        return listener

    return register


def announce(db: Session, signal: object) -> None:
    """Call the `@on` listeners now and queue the signal for the `@after_commit` listeners."""
    for listener in _on[type(signal)]:
        listener(db, signal)
    db.info.setdefault(_KEY, []).append(signal)


@contextmanager
def savepoint(db: Session) -> Iterator[None]:
    """A savepoint whose rollback also drops the signals announced in it, which did not happen."""
    count = len(db.info.get(_KEY, []))
    try:
        with db.begin_nested():
            yield
    except BaseException:
        del db.info.get(_KEY, [])[count:]
        raise


def listeners_of(signal: type) -> tuple[list[Listener], list[AfterListener]]:
    """Listeners inside the transaction and after the commit, in the order of their calls."""
    return list(_on.get(signal, [])), list(_after.get(signal, []))


def pop_announced(db: Session) -> list[object]:
    signals: list[object] = db.info.pop(_KEY, [])
    return signals


def dispatch(signals: list[object]) -> None:
    """Run the `@after_commit` listeners of committed signals, in commit order; a web process does so
    after the acknowledgement.
    """
    for signal in signals:
        for listener in _after[type(signal)]:
            runtime.dispatch(partial(_run_isolated, listener, signal))


def _run_isolated(listener: AfterListener, signal: object) -> None:
    try:
        listener(signal)
    except Exception:  # one failing listener must not stop the next
        log.exception("listener failed", listener=listener.__qualname__, signal=type(signal).__name__)
