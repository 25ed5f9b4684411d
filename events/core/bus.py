"""Signals: what happened, told in two phases, inside the transaction (@on) and once committed (@after)."""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias, TypeVar

import structlog
from sqlalchemy.orm import Session

log = structlog.get_logger()

Listener: TypeAlias = Callable[[Session, Any], None]
AfterListener: TypeAlias = Callable[[Any], None]
Dispatcher: TypeAlias = Callable[[Callable[[], None]], None]
L = TypeVar("L", bound=Listener)
A = TypeVar("A", bound=AfterListener)

_on: dict[type, list[Listener]] = defaultdict(list)
_after: dict[type, list[AfterListener]] = defaultdict(list)
_KEY = "announced"


def on(*signals: type) -> Callable[[L], L]:
    """Listen inside the transaction: rows and jobs, all or nothing. Called as listener(db, signal)."""

    def register(listener: L) -> L:
        for signal in signals:
            if listener not in _on[signal]:
                _on[signal].append(listener)
        return listener

    return register


def after_commit(*signals: type) -> Callable[[A], A]:
    """Listen once committed: broadcasts, which may be lost. Called as listener(signal), in its own try."""

    def register(listener: A) -> A:
        for signal in signals:
            if listener not in _after[signal]:
                _after[signal].append(listener)
        return listener

    return register


def announce(db: Session, signal: object) -> None:
    """Tell those inside the transaction now, and remember the signal for those after the commit."""
    for listener in _on[type(signal)]:
        listener(db, signal)
    db.info.setdefault(_KEY, []).append(signal)


def pop_announced(db: Session) -> list[object]:
    signals: list[object] = db.info.pop(_KEY, [])
    return signals


def _run_inline(work: Callable[[], None]) -> None:
    work()


_dispatch: Dispatcher = _run_inline


def set_dispatcher(dispatch: Dispatcher) -> None:
    """The socket server gives a dispatcher that works in commit order, behind the acknowledgement."""
    global _dispatch  # noqa: PLW0603 - one process, one order
    _dispatch = dispatch


def dispatch(signals: list[object]) -> None:
    """Run the @after listeners of committed signals, in the order of the commits."""
    for signal in signals:
        for listener in _after[type(signal)]:
            _dispatch(partial(_run_isolated, listener, signal))


def _run_isolated(listener: AfterListener, signal: object) -> None:
    try:
        listener(signal)
    except Exception:  # one failing listener must not stop the next
        log.exception("listener failed", listener=listener.__qualname__, signal=type(signal).__name__)
