"""The worker: threads for each lane of jobs, and one that wakes them, plans what is periodic and beats.

In a web process under gevent the threads are greenlets. On SQLite all share one connection, which jobs hold
only while a unit of work is open, so a lane that waits for a server outside holds up no other lane.
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

CANNOT_REACH = "the worker cannot reach its table"

WIDTH = {Lane.PEOPLE: 2}  # threads; one in every other lane, so that mails to many never fill a mail server
IDLE = 1.0  # seconds between looks at an empty table
PLAN_EVERY = 60.0  # seconds; what is periodic puts itself back, so this only finds what is new or was lost
BEAT_EVERY = 15.0  # seconds
MISSED_AFTER = timedelta(seconds=60)  # without a heartbeat
REACH_AGAIN = 5.0  # seconds after the database was away
OVERDUE_AFTER = timedelta(minutes=5)
DONE_RETENTION = timedelta(days=90)  # longer than anything that could be queued anew under the same key
Enter = Callable[[], AbstractContextManager[object]]


_LANES_DUE = select(Job.lane).where(Job.state == "waiting", Job.due_at <= bindparam("moment")).distinct()


class Heartbeat(Base):
    """A worker that is alive, by host and process, and when it last said so."""

    __tablename__ = "worker_heartbeat"

    worker: Mapped[str] = mapped_column(String(120), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


def work_until(stopped: threading.Event, enter: Enter) -> None:
    """Run what is due in all lanes until `stopped` is set; jobs in hand are finished first.

    Each thread works inside a context that `enter` opens.
    """
    wakes = {lane: threading.Event() for lane in Lane}
    lanes = [lane for lane in Lane for _ in range(WIDTH.get(lane, 1))]
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
    """See that each periodic job waits once, in its lane; two schedulers make one row, thanks to the key."""
    with unit_of_work() as db:
        query = select(Job).where(Job.key.like("every:%"), Job.state == "waiting")
        waiting = {one.key: one for one in db.scalars(query)}
        for kind in job_types.values():
            key = f"every:{kind.name}"
            if kind.every is not None and key not in waiting:
                enqueue(db, kind.work, key=key)
            elif kind.every is not None and waiting[key].lane != kind.lane:
                waiting[key].lane = kind.lane  # of a release that had it elsewhere


def beat(worker: str) -> None:
    """Say that this worker is alive."""
    with unit_of_work() as db:
        db.merge(Heartbeat(worker=worker, seen_at=clock.now()))


def last_seen(db: Session) -> datetime | None:
    """When any worker last said that it is alive."""
    return db.scalar(select(func.max(Heartbeat.seen_at)))


def is_alive(db: Session) -> bool:
    seen = last_seen(db)
    return seen is not None and seen > clock.now() - MISSED_AFTER


def is_late(db: Session, lane: Lane = Lane.NOW) -> bool:
    """Whether a due job of this lane has waited so long that its worker is away or behind."""
    query = select(Job.id).where(
        Job.state == "waiting", Job.lane == lane, Job.due_at < clock.now() - OVERDUE_AFTER
    )
    return db.scalar(query.limit(1)) is not None


@job(every=timedelta(days=1))
def sweep_done() -> None:
    """Forget what was done long ago; what was given up stays, for the operator to see."""
    with unit_of_work() as db:
        db.execute(delete(Job).where(Job.state == "done", Job.done_at < clock.now() - DONE_RETENTION))


@job(every=timedelta(days=1))
def sweep_heartbeats() -> None:
    """Forget workers that are gone."""
    with unit_of_work() as db:
        db.execute(delete(Heartbeat).where(Heartbeat.seen_at < clock.now() - timedelta(days=1)))


def _watch(wakes: dict[Lane, threading.Event], stopped: threading.Event) -> None:
    worker = f"{socket.gethostname()[:80]}:{os.getpid()}:{short_code(6)}"
    planned = beaten = -PLAN_EVERY
    while not stopped.is_set():
        try:
            if time.monotonic() - beaten >= BEAT_EVERY:
                beat(worker)
                beaten = time.monotonic()
            if time.monotonic() - planned >= PLAN_EVERY:
                plan_periodic()
                planned = time.monotonic()
            with unit_of_work() as db:
                due = list(db.scalars(_LANES_DUE, {"moment": clock.now()}))
            for lane in due:
                wakes[Lane(lane)].set()
            log_recovery(CANNOT_REACH)
            stopped.wait(IDLE)
        except Exception as error:  # without a worker nothing happens: it outlives whatever befalls it
            log_repeated_failure(CANNOT_REACH, error)
            stopped.wait(REACH_AGAIN)


def _serve(lane: Lane, wake: threading.Event, stopped: threading.Event, enter: Enter) -> None:
    with enter():
        while not stopped.is_set():
            wake.wait()
            wake.clear()
            try:
                while not stopped.is_set() and run_due(limit=1, lane=lane):
                    pass
                log_recovery(f"the lane {lane} cannot reach its table")
            except Exception as error:
                log_repeated_failure(f"the lane {lane} cannot reach its table", error)
                stopped.wait(REACH_AGAIN)
