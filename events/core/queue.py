"""Jobs: one table, written in the business transaction, worked off under leases."""

import json
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy import Text, bindparam, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from events.core import clock
from events.core.db import Base, Id, is_sqlite, unit_of_work

log = structlog.get_logger()

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=5)
IDLE = 1.0  # seconds between looks at an empty table
PLAN_EVERY = 60.0  # seconds; what is periodic puts itself back, so this only finds what is new or was lost
LATE = timedelta(minutes=5)
KEEP_DONE = timedelta(days=90)  # longer than anything that could be queued anew under the same key

Work = Callable[..., None]
W = TypeVar("W", bound=Work)


class Job(Base):
    """Work to be done at least once. `key` is unique among all jobs, so the same work is queued once."""

    __tablename__ = "job"

    id: Mapped[Id]
    name: Mapped[str]
    key: Mapped[str | None] = mapped_column(unique=True)
    arguments: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(default="waiting", index=True)  # waiting, done, dead
    due_at: Mapped[datetime] = mapped_column(index=True)
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Kind:
    """A registered job: what runs, and how often when it is a periodic one."""

    name: str
    work: Work
    every: timedelta | None = None


kinds: dict[str, Kind] = {}
_NEXT = (  # made once: it is asked every second
    select(Job.id)
    .where(Job.state == "waiting", Job.due_at <= bindparam("moment"))
    .where(or_(Job.lease_until.is_(None), Job.lease_until < bindparam("moment")))
    .order_by(Job.due_at, Job.id)
    .limit(1)
)
_NEXT_OF_MANY = _NEXT.with_for_update(skip_locked=True)


def _name_of(work: Work) -> str:
    module: Any = work.__module__
    return f"{str(module).removeprefix('events.')}.{work.__qualname__}"


def job(every: timedelta | None = None) -> Callable[[W], W]:
    """Register a function as a job. It may run twice; it opens its own units of work."""

    def register(work: W) -> W:
        name = _name_of(work)
        kinds[name] = Kind(name, work, every)
        return work

    return register


@job(every=timedelta(days=1))
def sweep_done() -> None:
    """Forget what was done long ago; what was given up stays, for the operator to see."""
    with unit_of_work() as db:
        db.execute(delete(Job).where(Job.state == "done", Job.done_at < clock.now() - KEEP_DONE))


def enqueue(
    db: Session, work: Work, *arguments: str, key: str | None = None, at: datetime | None = None
) -> None:
    """Queue `work(*arguments)` in this transaction. With a key that is known already nothing is added."""
    name = _name_of(work)
    if name not in kinds:
        raise LookupError(f"{name} is not a job")
    if key is not None and db.scalar(select(Job.id).where(Job.key == key)) is not None:
        return
    db.add(Job(name=name, key=key, arguments=json.dumps(arguments), due_at=at or clock.now()))
    db.flush()


def withdraw(db: Session, key: str) -> None:
    """Take a job that still waits out of the queue."""
    db.execute(
        update(Job)
        .where(Job.key == key, Job.state == "waiting")
        .values(state="done", done_at=clock.now(), key=None)
    )


def run_due(*, limit: int = 1000) -> int:
    """Run what is due, one after another, until nothing is or `limit` is reached; how many ran."""
    for ran in range(limit):
        if not _run_next():
            return ran
    return limit


def work_until(stopped: threading.Event) -> None:
    """The worker: run what is due, plan what is periodic, until `stopped` is set."""
    planned = -PLAN_EVERY
    while not stopped.is_set():
        try:
            if time.monotonic() - planned >= PLAN_EVERY:
                plan_periodic()
                planned = time.monotonic()
            if run_due(limit=50) == 0:
                stopped.wait(IDLE)
        except Exception:  # without a worker nothing happens any more, so it outlives whatever befalls it
            log.exception("the worker cannot reach its table")
            stopped.wait(5)


def plan_periodic() -> None:
    """See that each periodic job waits once; two schedulers make one row, thanks to the key."""
    with unit_of_work() as db:
        waiting = set(db.scalars(select(Job.key).where(Job.key.like("every:%"), Job.state == "waiting")))
        for kind in kinds.values():
            key = f"every:{kind.name}"
            if kind.every is not None and key not in waiting:
                enqueue(db, kind.work, key=key)


def release_leases() -> None:
    """Where one process holds the database, whoever held a lease is gone: its work is due at once."""
    with unit_of_work() as db:
        db.execute(update(Job).where(Job.state == "waiting").values(lease_until=None))


def is_late(db: Session) -> bool:
    """Whether a due job has waited so long that no worker seems to be there."""
    query = select(Job.id).where(Job.state == "waiting", Job.due_at < clock.now() - LATE)
    return db.scalar(query.limit(1)) is not None


def _run_next() -> bool:
    claimed = _claim()
    if claimed is None:
        return False
    kind = kinds.get(claimed.name)
    try:
        if kind is None:
            raise LookupError(f"no job is named {claimed.name}")
        kind.work(*json.loads(claimed.arguments))
    except Exception:  # a failing job must not stop the worker
        log.exception("job failed", job=claimed.name, attempt=claimed.attempts)
        _put_back(claimed, traceback.format_exc(limit=5))
    else:
        _finish(claimed, kind)
    return True


def _claim() -> Job | None:
    moment = clock.now()
    with unit_of_work() as db:
        job_id = db.scalar(_NEXT if is_sqlite(db) else _NEXT_OF_MANY, {"moment": moment})
        if job_id is None:
            return None
        claimed = db.get_one(Job, job_id)
        claimed.lease_until = moment + LEASE
        claimed.attempts += 1
    return claimed


def _finish(claimed: Job, kind: Kind) -> None:
    with unit_of_work() as db:
        done = db.get(Job, claimed.id)
        if done is None:
            return
        if kind.every is not None:
            done.due_at, done.lease_until, done.attempts = clock.now() + kind.every, None, 0
        else:
            # The key stays: work that was done under it is not done again.
            done.state, done.done_at, done.lease_until = "done", clock.now(), None


def _put_back(claimed: Job, error: str) -> None:
    with unit_of_work() as db:
        failed = db.get(Job, claimed.id)
        if failed is None:
            return
        failed.error, failed.lease_until = error[-4000:], None
        kind = kinds.get(claimed.name)
        if failed.attempts >= MOST_ATTEMPTS and not (kind and kind.every):
            failed.state = "dead"
            log.error("job given up", job=failed.name, id=failed.id)
        else:
            failed.due_at = clock.now() + FIRST_PAUSE * 2 ** min(failed.attempts, 10)
