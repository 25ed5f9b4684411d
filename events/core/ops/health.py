"""Health checks that /readyz and the doctor share: the database can be written, a worker lives, Redis takes.

Asking whether a server answers is not enough: one that is read-only or full answers as well.
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

PROBE_EVERY = 5.0  # seconds; anybody may ask /readyz, and each probe is a write
PROBE_PAGES = 16


@dataclass(frozen=True)
class Health:
    """What is well; of the database, Redis and old tables a sentence about what is not."""

    database: str | None
    redis: str | None
    tables: bool
    worker: bool
    queue: bool
    mail_waits_since: datetime | None
    failed: int  # jobs and mails that were given up
    relay: RelayHealth = NEVER_CHECKED  # noted by the worker; calls alone need it

    @property
    def ready(self) -> bool:
        return not self.database and not self.redis and self.tables and self.worker and self.queue


_last: tuple[float, Health] | None = None


def examine_health(settings: Settings) -> Health:
    """The present health, at most a few seconds old."""
    global _last
    if _last is None or time.monotonic() - _last[0] > PROBE_EVERY:
        before, _last = _last, (time.monotonic(), _examine(settings))
        _log_change(before[1].ready if before is not None else True, _last[1])
    return _last[1]


def _log_change(was_ready: bool, now: Health) -> None:
    """Once when a process is ready no more and once when it is again, not at each question of a probe."""
    if was_ready and not now.ready:
        log.warning(
            "not ready",
            database=now.database, redis=now.redis, tables=now.tables, worker=now.worker, queue=now.queue,
        )  # fmt: skip
    elif now.ready and not was_ready:
        log.info("ready again")


def forget() -> None:
    """Examine anew at the next question."""
    global _last  # noqa: PLW0603 - as above
    _last = None


def database_trouble() -> str | None:
    """What keeps the database from taking a write, as the end of a sentence; None when it takes one."""
    try:
        with unit_of_work() as db:
            _write(db)
    except SQLAlchemyError as error:
        return database_outage(error) or f"it refuses a write ({type(error).__name__})"
    return None


def redis_trouble(url: str) -> str | None:
    """What keeps Redis from taking a value, as the end of a sentence; it waits a second at most."""
    try:
        with _redis(url) as client:
            client.set("ontmoet:probe", os.urandom(512), ex=10)
    except redis.RedisError as error:
        return redis_outage(error)
    return None


def count_given_up(db: Session) -> int:
    dead = db.scalar(select(func.count(Job.id)).where(Job.state == "dead")) or 0
    failed = db.scalar(select(func.count(OutgoingMail.id)).where(OutgoingMail.state == "failed")) or 0
    # A mail whose job was given up has failed as well.
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
    """Write and delete a row, and on PostgreSQL let a file grow: old pages still take it on a full disk."""
    probe = Heartbeat(worker=f"probe:{new_id()}", seen_at=clock.now())
    db.add(probe)
    db.flush()
    db.delete(probe)  # nothing of it is left, and nobody takes it for a worker
    if not is_sqlite(db):
        _fill_pages(db)


def _fill_pages(db: Session) -> None:
    db.execute(text("CREATE TEMPORARY TABLE health_probe (filler text) ON COMMIT DROP"))
    # Stored as it is: what is packed or put elsewhere would not fill pages of this table.
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
