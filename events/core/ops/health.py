"""Health checks shared by /readyz and the doctor: database and Redis accept writes, worker, queue,
relay.

A ping is not enough: a server that is read-only or full answers too.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import redis
import structlog
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from events.core import clock
from events.core.config import Settings
from events.core.db import migrations
from events.core.db.session import is_sqlite, unit_of_work
from events.core.ids import new_id
from events.core.jobs import worker as core_worker
from events.core.jobs.queue import Job, Lane, name_of
from events.core.jobs.worker import Heartbeat, is_late
from events.core.mail import outbox
from events.core.mail.outgoing_mail import OutgoingMail
from events.core.ops.turn_check import NEVER_CHECKED, RelayHealth, relay_health
from events.core.outages import database_outage, redis_outage

log = structlog.get_logger()

PROBE_INTERVAL_SECONDS = 5.0  # /readyz is public, and each probe writes
PROBE_PAGES = 16


@dataclass(frozen=True)
class Health:
    """Result of all checks; `database` and `redis` are the end of a sentence about a fault, or
    None.
    """

    database: str | None
    redis: str | None
    tables: bool
    worker: bool
    queue: bool
    mail_waits_since: datetime | None
    failed: int  # number of jobs and mails given up
    relay: RelayHealth = NEVER_CHECKED  # from the worker's last check; only calls need it

    @property
    def ready(self) -> bool:
        return not self.database and not self.redis and self.tables and self.worker and self.queue


_last: tuple[float, Health] | None = None


def examine_health(settings: Settings) -> Health:
    """Current health, cached for PROBE_INTERVAL_SECONDS."""
    global _last
    if _last is None or time.monotonic() - _last[0] > PROBE_INTERVAL_SECONDS:
        before, _last = _last, (time.monotonic(), _examine(settings))
        _log_change(before[1].ready if before is not None else True, _last[1])
    return _last[1]


def _log_change(was_ready: bool, now: Health) -> None:
    """Log a change of readiness once, not at every probe."""
    if was_ready and not now.ready:
        log.warning(
            "not ready",
            database=now.database, redis=now.redis, tables=now.tables, worker=now.worker, queue=now.queue,
        )  # fmt: skip
    elif now.ready and not was_ready:
        log.info("ready again")


def forget() -> None:
    """Drop the cached result."""
    global _last  # noqa: PLW0603 - as above
    _last = None


def database_trouble() -> str | None:
    """Reason why the database accepts no write, as the end of a sentence; None when it does."""
    try:
        with unit_of_work() as db:
            _write(db)
    except SQLAlchemyError as error:
        return database_outage(error) or f"it refuses a write ({type(error).__name__})"
    return None


def redis_trouble(url: str) -> str | None:
    """Reason why Redis accepts no write, as the end of a sentence; waits at most a second."""
    try:
        with _redis(url) as client:
            client.set("ontmoet:probe", os.urandom(512), ex=10)
    except redis.RedisError as error:
        return redis_outage(error)
    return None


def count_given_up(db: Session) -> int:
    dead = db.scalar(select(func.count(Job.id)).where(Job.state == "dead")) or 0
    failed = db.scalar(select(func.count(OutgoingMail.id)).where(OutgoingMail.state == "failed")) or 0
    # A mail whose job was given up counts once.
    both = select(func.count(Job.id)).where(Job.state == "dead", Job.name == name_of(outbox.send_mail))
    return dead + failed - (db.scalar(both) or 0)


def _examine(settings: Settings) -> Health:
    trouble = redis_trouble(settings.redis_url) if settings.redis_url is not None else None
    try:
        if not migrations.is_current():
            return Health(None, trouble, False, False, False, None, 0)
        database = database_trouble()
        with unit_of_work() as db:
            return Health(
                database, trouble, True, core_worker.is_alive(db), not is_late(db, Lane.NOW),
                outbox.waits_since(db), count_given_up(db), relay_health(db, settings),
            )  # fmt: skip
    except SQLAlchemyError as error:
        sentence = database_outage(error) or f"it does not answer ({type(error).__name__})"
        return Health(sentence, trouble, True, False, False, None, 0)


def _write(db: Session) -> None:
    """Write and delete a row; on PostgreSQL also grow a file, since old pages accept rows on a full
    disk.
    """
    probe = Heartbeat(worker=f"probe:{new_id()}", seen_at=clock.now())
    db.add(probe)
    db.flush()
    db.delete(probe)  # so that the probe never counts as a worker
    if not is_sqlite(db):
        _fill_pages(db)


def _fill_pages(db: Session) -> None:
    db.execute(text("CREATE TEMPORARY TABLE health_probe (filler text) ON COMMIT DROP"))
    # PLAIN: compressed or TOASTed values would not fill pages of this table.
    db.execute(text("ALTER TABLE health_probe ALTER COLUMN filler SET STORAGE PLAIN"))
    row = text("INSERT INTO health_probe SELECT repeat('x', 4000) FROM generate_series(1, :pages)")
    db.execute(row, {"pages": PROBE_PAGES})


@contextmanager
def _redis(url: str) -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
    try:
        yield client
    finally:
        client.close()
