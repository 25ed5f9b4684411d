"""Job queue in a database table: jobs run at least once, under leases, in lanes."""

import json
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

import structlog
from sqlalchemy import Index, String, Text, bindparam, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from events.core import clock
from events.core.db.session import Base, Id, insert_into, is_sqlite, unit_of_work
from events.core.ids import short_code
from events.core.outages import is_outage

log = structlog.get_logger()

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
MIN_RETRY_DELAY = timedelta(seconds=5)
MAX_RETRY_DELAY = timedelta(hours=2)
MAX_OUTAGE = timedelta(days=3)  # how long jobs are retried while another server is down

Work = Callable[..., None]
W = TypeVar("W", bound=Work)


class Lane(StrEnum):
    """Separate queues, so that slow or many jobs of one lane delay no other lane."""

    NOW = "now"  # scheduled: lobbies open, turns begin
    PEOPLE = "people"  # mails to one person
    BULK = "bulk"  # mails to many, and the jobs that queue them
    HEAVY = "heavy"  # matching in a child process
    CALENDARS = "calendars"  # members' calendars on other servers
    MAILBOX = "mailbox"  # incoming replies and bounces


class TryLater(Exception):
    """Another server is at fault: the job is retried for days without using up an attempt."""


class Job(Base):
    """A job to run at least once. `key` is unique among all jobs, so the same work is queued once."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_lane_due_at", "state", "lane", "due_at"),)

    id: Mapped[Id]
    name: Mapped[str]
    key: Mapped[str | None] = mapped_column(unique=True)
    arguments: Mapped[str] = mapped_column(Text)
    lane: Mapped[str] = mapped_column(String(20), default=Lane.NOW, server_default="now")
    state: Mapped[str] = mapped_column(default="waiting", index=True)  # waiting, done, dead
    due_at: Mapped[datetime] = mapped_column(index=True)
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]  # first of the consecutive failures
    error: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(String(20))  # of the request that queued it
    done_at: Mapped[datetime | None]


@dataclass(frozen=True)
class JobType:
    name: str
    work: Work
    every: timedelta | None = None
    lane: Lane = Lane.NOW
    given_up: Callable[..., None] | None = None


job_types: dict[str, JobType] = {}
_NEXT = (  # built once: it runs every second
    select(Job.id)
    .where(Job.state == "waiting", Job.due_at <= bindparam("moment"))
    .where(or_(Job.lease_until.is_(None), Job.lease_until < bindparam("moment")))
    .order_by(Job.due_at, Job.id)
    .limit(1)
)
_NEXT_IN_LANE = _NEXT.where(Job.lane == bindparam("lane"))


def name_of(work: Work) -> str:
    return f"{work.__module__.removeprefix('events.')}.{work.__qualname__}"


def job(
    every: timedelta | None = None, *, lane: Lane = Lane.NOW, given_up: Callable[..., None] | None = None
) -> Callable[[W], W]:
    """Register a job function: it may run twice, and opens its own units of work.

    `given_up(db, *arguments)` runs in the transaction that gives a job up.
    """

    def register(work: W) -> W:
        job_types[name_of(work)] = JobType(name_of(work), work, every, lane, given_up)
        return work

    return register


def enqueue(
    db: Session,
    work: Work,
    *arguments: str,
    key: str | None = None,
    at: datetime | None = None,
    lane: Lane | None = None,
) -> None:
    """Queue `work(*arguments)` in this transaction; with a known key nothing is added."""
    name = name_of(work)
    if name not in job_types:
        raise LookupError(f"{name} is not a job")
    db.execute(
        insert_into(db, Job)
        .values(
            name=name,
            key=key,
            arguments=json.dumps(arguments),
            lane=lane or job_types[name].lane,
            due_at=at or clock.now(),
            request_id=structlog.contextvars.get_contextvars().get("request_id"),
        )
        .on_conflict_do_nothing(index_elements=[Job.key])
    )


def cancel(db: Session, key: str) -> None:
    """Cancel a waiting job; its key becomes free."""
    db.execute(
        update(Job)
        .where(Job.key == key, Job.state == "waiting")
        .values(state="done", done_at=clock.now(), key=None)
    )


def revive(db: Session) -> int:
    """Requeue every job that was given up, with all attempts; returns how many."""
    dead = list(db.scalars(select(Job).where(Job.state == "dead")))
    for one in dead:
        one.state, one.due_at, one.attempts, one.failing_since = "waiting", clock.now(), 0, None
    return len(dead)


def run_due(*, limit: int = 1000, lane: Lane | None = None, quiet: bool = False) -> int:
    """Run due jobs until none is left or `limit` ran; returns how many ran. `quiet` logs failures
    only.
    """
    for ran in range(limit):
        if not _run_next(lane, quiet=quiet):
            return ran
    return limit


def release_leases() -> None:
    """Release all leases at start-up: on SQLite no other process can hold one."""
    with unit_of_work() as db:
        db.execute(update(Job).where(Job.state == "waiting").values(lease_until=None))


def _run_next(lane: Lane | None, *, quiet: bool) -> bool:
    claimed = _claim(lane)
    if claimed is None:
        return False
    job_type = job_types.get(claimed.name)
    request_id = claimed.request_id or short_code(12)
    with structlog.contextvars.bound_contextvars(request_id=request_id, job=claimed.name, job_id=claimed.id):
        begun = time.monotonic()
        try:
            if job_type is None:
                # A job of another release: a process of that release may know it.
                raise TryLater(f"no job is named {claimed.name}")
            job_type.work(*json.loads(claimed.arguments))
        except Exception as error:  # a failing job must not stop the worker
            _reschedule(claimed, error)
        else:
            _finish(claimed, job_type)
            if job_type.every is None and not quiet:
                log.info("job done", attempt=claimed.attempts, ms=round(1000 * (time.monotonic() - begun)))
    return True


def _claim(lane: Lane | None = None) -> Job | None:
    moment = clock.now()
    query = _NEXT if lane is None else _NEXT_IN_LANE
    named = {"moment": moment} if lane is None else {"moment": moment, "lane": lane}
    with unit_of_work() as db:
        job_id = db.scalar(query if is_sqlite(db) else query.with_for_update(skip_locked=True), named)
        if job_id is None:
            return None
        claimed = db.get_one(Job, job_id)
        claimed.lease_until = moment + LEASE
        claimed.attempts += 1
    return claimed


def _finish(claimed: Job, job_type: JobType) -> None:
    with unit_of_work() as db:
        done = db.get(Job, claimed.id)
        if done is None:
            return
        done.lease_until, done.failing_since = None, None
        if job_type.every is not None:
            done.due_at, done.attempts = clock.now() + job_type.every, 0
        else:
            # The key stays, so that the same work is not queued again.
            done.state, done.done_at = "done", clock.now()
            done.arguments = "[]"  # they may hold names and addresses


def _reschedule(claimed: Job, error: Exception) -> None:
    """Schedule the next attempt, or give up: after MAX_ATTEMPTS bugs, or MAX_OUTAGE of another
    server.
    """
    outside = isinstance(error, TryLater) or is_outage(error)
    if outside:
        log.warning("job postponed", reason=str(error)[:300], attempt=claimed.attempts)
    else:
        log.error("job failed", attempt=claimed.attempts, exc_info=error)
    job_type, now = job_types.get(claimed.name), clock.now()
    with unit_of_work() as db:
        failed = db.get(Job, claimed.id)
        if failed is None:
            return
        if job_type is None and (failed.key or "").startswith("every:"):
            db.delete(failed)  # a periodic job that this release no longer has
            return
        said = str(error) if outside else "".join(traceback.format_exception(error, limit=5))
        failed.error, failed.lease_until = said[-4000:], None
        failed.failing_since = failed.failing_since or now
        failing_for = now - failed.failing_since
        if outside:
            failed.attempts -= 1
            given_up = failing_for >= MAX_OUTAGE
            failed.due_at = now + min(max(MIN_RETRY_DELAY, failing_for), MAX_RETRY_DELAY)
        else:
            given_up = failed.attempts >= MAX_ATTEMPTS
            failed.due_at = now + MIN_RETRY_DELAY * 2 ** min(failed.attempts, 10)
        if given_up and not (job_type and job_type.every):
            failed.state = "dead"
            log.error("job given up")
            if job_type is not None and job_type.given_up is not None:
                job_type.given_up(db, *json.loads(failed.arguments))
