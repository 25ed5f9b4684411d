"""Read batching: reads that become ready in one turn of the event loop run in one unit of work.

When a thousand people join at once they ask for the same room and for a thousand rows of one table. Each
answer is as fresh as if it had been read alone, and rights are decided for each person; only the queries
and the transaction are shared.
"""

import contextvars
from collections.abc import Callable, Generator, Hashable
from typing import Any, TypeAlias, TypeVar

from gevent.event import Event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from events.core.db.session import unit_of_work
from events.core.outages import database_outage

MAX_READS = 64  # in one unit of work; on SQLite whoever writes waits for it
_MEMO = "read once"

T = TypeVar("T")
Steps: TypeAlias = Generator[None, None, T]
Prefetch: TypeAlias = Callable[[Session, list[Any]], None]
Spawn: TypeAlias = Callable[[Callable[[], None]], object]


class Read:
    """A read that waits for its batch. `steps(db)` yields once: what comes before runs for all reads of the
    batch before anything behind it does. It writes nothing, and announces at its end at the earliest."""

    __slots__ = ("about", "answer", "context", "done", "error", "prefetch", "steps")

    def __init__(self, steps: Callable[[Session], Steps[Any]], prefetch: Prefetch, about: object) -> None:
        self.steps, self.prefetch, self.about = steps, prefetch, about
        self.context = contextvars.copy_context()
        self.answer: Any = None
        self.error: BaseException | None = None
        self.done = Event()


_spawn: Spawn | None = None
_waiting: list[Read] = []
_running = False


def start(spawn: Spawn) -> None:
    """Batch from now on, in greenlets that `spawn(work)` starts. Until then every read runs alone."""
    global _spawn  # noqa: PLW0603 - one event loop a process
    _spawn = spawn


def run_read(steps: Callable[[Session], Steps[T]], *, prefetch: Prefetch, about: object) -> T:
    """Wait for the batch and give what `steps` returned, or raise what it raised.

    `prefetch(db, abouts)` is called once for all reads of the batch that name it, before any step.
    """
    read = Read(steps, prefetch, about)
    if _spawn is None:
        _run([read])
    else:
        _waiting.append(read)
        if not _running and len(_waiting) == 1:
            _spawn(_run_waiting)
        read.done.wait()
    if read.error is not None:
        raise read.error
    answer: T = read.answer
    return answer


def read_once(db: Session, key: Hashable, load: Callable[[], T]) -> T:
    """What `load` reads, shared by the second steps of a batch; read anew where there is no batch."""
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
        except SQLAlchemyError as error:
            if len(batch) == 1 or database_outage(error) is not None:
                raise
            for read in batch:  # one of them spoiled the transaction of all
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
    with unit_of_work() as db:
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
    except SQLAlchemyError:
        raise
    except Exception as error:
        read.error = error
