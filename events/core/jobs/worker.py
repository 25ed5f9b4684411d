"""Job worker: threads for each lane, and one that schedules periodic jobs, wakes lanes and records
a heartbeat.

Under gevent the threads are greenlets. On SQLite they share one connection, which a job holds only
inside a unit of work, so a lane that waits for another server blocks no other lane.
"""

import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from sqlalchemy import String, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from events.core import clock
from events.core.db.session import Base, unit_of_work
from events.core.ids import short_code
from events.core.jobs.queue import Job, Lane, enqueue, job, job_types, run_due
from events.core.outages import log_recovery, log_repeated_failure

WORKER_FAILURE = "worker: job table unreachable"

THREADS = {Lane.PEOPLE: 2}  # one in every other lane, so that bulk mail never fills a mail server
POLL_INTERVAL_SECONDS = 1.0
# Periodic jobs reschedule themselves, so this finds only those that are new or were lost.
PLAN_INTERVAL_SECONDS = 60.0
HEARTBEAT_INTERVAL_SECONDS = 15.0
HEARTBEAT_TIMEOUT = timedelta(seconds=60)
RETRY_AFTER_SECONDS = 5.0  # after the database was unreachable
OVERDUE_AFTER = timedelta(minutes=5)
DONE_RETENTION = timedelta(days=90)  # longer than any key could be queued again
Enter = Callable[[], AbstractContextManager[object]]


_LANES_DUE = select(Job.lane).where(Job.state == "waiting", Job.due_at <= bindparam("moment")).distinct()


class Heartbeat(Base):
    """Last heartbeat of a worker, by host and process."""

    __tablename__ = "worker_heartbeat"

    worker: Mapped[str] = mapped_column(String(120), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


def work_until(stopped: threading.Event, enter: Enter) -> None:
    """Run due jobs of all lanes until `stopped` is set; running jobs are finished first.

    Each thread works inside a context that `enter` opens.
    """
    wakes = {lane: threading.Event() for lane in Lane}
    lanes = [lane for lane in Lane for _ in range(THREADS.get(lane, 1))]
    threads = [
        threading.Thread(target=_serve, args=(lane, wakes[lane], stopped, enter), name=f"lane {lane}")
        for lane in lanes
    ]
    for thread in threads:
        thread.start()
    with enter():
        _watch(wakes, stopped)
    for wake in wakes.values():
        wake.set()
    for thread in threads:
        thread.join()


def plan_periodic() -> None:
    """Queue each periodic job that does not wait, in its lane. Safe in several schedulers: the key
    is unique.
    """
    with unit_of_work() as db:
        query = select(Job).where(Job.key.like("every:%"), Job.state == "waiting")
        waiting = {one.key: one for one in db.scalars(query)}
        for job_type in job_types.values():
            key = f"every:{job_type.name}"
            if job_type.every is not None and key not in waiting:
                enqueue(db, job_type.work, key=key)
            elif job_type.every is not None and waiting[key].lane != job_type.lane:
                waiting[key].lane = job_type.lane  # queued by a release that had it in another lane


def beat(worker: str) -> None:
    """Record a heartbeat."""
    with unit_of_work() as db:
        db.merge(Heartbeat(worker=worker, seen_at=clock.now()))


def last_seen(db: Session) -> datetime | None:
    """Time of the newest heartbeat of any worker."""
    return db.scalar(select(func.max(Heartbeat.seen_at)))


def is_alive(db: Session) -> bool:
    seen = last_seen(db)
    return seen is not None and seen > clock.now() - HEARTBEAT_TIMEOUT


def is_late(db: Session, lane: Lane = Lane.NOW) -> bool:
    """Whether a job of this lane is overdue by OVERDUE_AFTER."""
    query = select(Job.id).where(
        Job.state == "waiting", Job.lane == lane, Job.due_at < clock.now() - OVERDUE_AFTER
    )
    return db.scalar(query.limit(1)) is not None


@job(every=timedelta(days=1))
def sweep_done() -> None:
    """Delete old jobs that are done; those given up stay for the operator."""
    with unit_of_work() as db:
        db.execute(delete(Job).where(Job.state == "done", Job.done_at < clock.now() - DONE_RETENTION))


@job(every=timedelta(days=1))
def sweep_heartbeats() -> None:
    """Delete heartbeats of workers that are gone."""
    with unit_of_work() as db:
        db.execute(delete(Heartbeat).where(Heartbeat.seen_at < clock.now() - timedelta(days=1)))


def _watch(wakes: dict[Lane, threading.Event], stopped: threading.Event) -> None:
    worker = f"{socket.gethostname()[:80]}:{os.getpid()}:{short_code(6)}"
    planned = beaten = -PLAN_INTERVAL_SECONDS
    while not stopped.is_set():
        try:
            if time.monotonic() - beaten >= HEARTBEAT_INTERVAL_SECONDS:
                beat(worker)
                beaten = time.monotonic()
            if time.monotonic() - planned >= PLAN_INTERVAL_SECONDS:
                plan_periodic()
                planned = time.monotonic()
            with unit_of_work() as db:
                due = list(db.scalars(_LANES_DUE, {"moment": clock.now()}))
            for lane in due:
                wakes[Lane(lane)].set()
            log_recovery(WORKER_FAILURE)
            stopped.wait(POLL_INTERVAL_SECONDS)
        except Exception as error:  # the worker must survive every error
            log_repeated_failure(WORKER_FAILURE, error)
            stopped.wait(RETRY_AFTER_SECONDS)


def _serve(lane: Lane, wake: threading.Event, stopped: threading.Event, enter: Enter) -> None:
    failure = f"lane {lane}: job table unreachable"
    with enter():
        while not stopped.is_set():
            wake.wait()
            wake.clear()
            try:
                while not stopped.is_set() and run_due(limit=1, lane=lane):
                    pass
                log_recovery(failure)
            except Exception as error:
                log_repeated_failure(failure, error)
                stopped.wait(RETRY_AFTER_SECONDS)
