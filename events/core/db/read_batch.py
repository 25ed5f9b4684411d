"""Read batching: reads that become ready in one iteration of the event loop share a unit of work.

When a thousand people join at once, the same queries and transactions are shared. Each reply is as
fresh as if read alone, and rights are checked for each person.
"""

import contextvars
from collections.abc import Callable, Generator, Hashable
from typing import Any, TypeAlias, TypeVar

from gevent.event import Event
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from events.core.db.session import WriteRefused, unit_of_work
from events.core.outages import database_outage
from events.core.runtime import runtime

MAX_READS = 64  # in one unit of work; on SQLite writers wait for it
_MEMO = "read once"
_PAGE = "page that only reads"

T = TypeVar("T")
Steps: TypeAlias = Generator[None, None, T]
Prefetch: TypeAlias = Callable[[Session, list[Any]], None]


class Read:
    """A read that waits for its batch. `steps(db)` yields once: the part before the yield runs for
    all reads of the batch before any part after it. It announces signals only at its end, and a
    write fails it with WriteRefused.
    """

    __slots__ = ("about", "answer", "context", "done", "error", "prefetch", "steps")

    def __init__(self, steps: Callable[[Session], Steps[Any]], prefetch: Prefetch, about: object) -> None:
        self.steps, self.prefetch, self.about = steps, prefetch, about
        self.context = contextvars.copy_context()
        self.answer: Any = None
        self.error: BaseException | None = None
        self.done = Event()


_waiting: list[Read] = []
_running = False


def run_read(steps: Callable[[Session], Steps[T]], *, prefetch: Prefetch, about: object) -> T:
    """Wait for the batch and return what `steps` returned, or raise what it raised.

    `prefetch(db, abouts)` is called before any step, once for all reads of the batch that name it.
    Without `runtime.spawn` every read runs alone.
    """
    read = Read(steps, prefetch, about)
    if runtime.spawn is None:
        _run([read])
    else:
        _waiting.append(read)
        if not _running and len(_waiting) == 1:
            runtime.spawn(_run_waiting)
        read.done.wait()
    if read.error is not None:
        raise read.error
    answer: T = read.answer
    return answer


def memoise_reads(db: Session) -> None:
    """Memoise `read_once` in this unit of work, until something is flushed. For pages that only read."""
    memo: dict[Hashable, Any] = {}
    db.info[_MEMO], db.info[_PAGE] = memo, True
    event.listen(db, "after_flush", lambda *_flush: memo.clear())


def only_reads(db: Session) -> bool:
    """Whether this unit of work belongs to a page that only reads."""
    return _PAGE in db.info


def read_once(db: Session, key: Hashable, load: Callable[[], T]) -> T:
    """Memoise `load` in the second steps of a batch and in pages that only read; elsewhere, where a
    lock may come between two reads, it is called each time.
    """
    memo: dict[Hashable, Any] | None = db.info.get(_MEMO)
    if memo is None:
        return load()
    if key not in memo:
        memo[key] = load()
    found: T = memo[key]
    return found


def _run_waiting() -> None:
    global _running  # noqa: PLW0603 - one batch at a time
    _running = True
    try:
        while _waiting:
            batch = _waiting[:MAX_READS]
            del _waiting[:MAX_READS]
            _run(batch)
    finally:
        _running = False


def _run(batch: list[Read]) -> None:
    try:
        try:
            _run_together(batch)
        except (SQLAlchemyError, WriteRefused) as error:
            if len(batch) == 1 or database_outage(error) is not None:
                raise
            for read in batch:  # the shared transaction is rolled back; alone only the faulty one fails
                _run([read])
    except BaseException as error:
        for read in batch:
            if not read.done.is_set():
                read.error = error
        if not isinstance(error, Exception):
            raise
    finally:
        for read in batch:
            read.done.set()


def _run_together(batch: list[Read]) -> None:
    with unit_of_work(read_only=True) as db:
        abouts: dict[Prefetch, list[object]] = {}
        for read in batch:
            read.answer = read.error = None
            abouts.setdefault(read.prefetch, []).append(read.about)
        for prefetch, asked in abouts.items():
            prefetch(db, asked)
        begun = [(read, read.steps(db)) for read in batch]
        for read, steps in begun:
            _step(read, steps)
        db.info[_MEMO] = {}
        for read, steps in begun:
            if read.error is None:
                _step(read, steps)


def _step(read: Read, steps: Steps[Any]) -> None:
    try:
        read.context.run(next, steps)
    except StopIteration as end:
        read.answer = end.value
    except (SQLAlchemyError, WriteRefused):
        raise
    except Exception as error:
        read.error = error
