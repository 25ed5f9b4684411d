"""What runs beside the requests of a web process: the order of broadcasts, ended rights, the worker."""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import gevent
import structlog
from flask import Flask
from gevent.queue import SimpleQueue
from sqlalchemy import bindparam, delete, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from events.core import bus, clock
from events.core.config import Settings
from events.core.cooperative import mark_background, yield_if_due
from events.core.db import migrations, read_batch
from events.core.db.session import Base, Id, unit_of_work
from events.core.jobs import queue, worker
from events.core.outages import database_outage, log_recovery, log_repeated_failure
from events.core.realtime import batching, connections, load_shedding, periodic

log = structlog.get_logger()
CANNOT_LOOK = "cannot act on ended rights"
POLL_INTERVAL_SECONDS = 1.0  # seconds; an ended right closes its sockets within two
OVERLAP = timedelta(seconds=30)
RETENTION = timedelta(minutes=10)
SWEEP_EVERY = timedelta(hours=1)


class Revocation(Base):
    """A right that ended while sockets may be open: every process reads these and acts on its own sockets.

    With a sign-in the sockets of that sign-in close; with a person and a room they leave the room; with a
    person alone all of that person's sockets close; with a room alone everyone has to enter it anew; with
    `keys_of` a person the sockets that this person's keys opened without a sign-in close.
    """

    __tablename__ = "revocation"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    sign_in_id: Mapped[str | None]
    person_id: Mapped[str | None]
    room: Mapped[str | None]
    keys_of: Mapped[str | None]


_SINCE = select(Revocation).where(Revocation.at >= bindparam("since"))  # made once: it is asked every second


def revoke_sockets(
    db: Session,
    *,
    sign_in_id: str | None = None,
    person_id: str | None = None,
    room: str | None = None,
    keys_of: str | None = None,
) -> None:
    """Note, in the transaction that ends the right, which sockets must go."""
    right = Revocation(at=clock.now(), sign_in_id=sign_in_id, person_id=person_id, room=room, keys_of=keys_of)
    db.add(right)


def start(app: Flask, settings: Settings, serving: Callable[[], bool]) -> threading.Event:
    """Start everything; the event, when set, stops the worker. With SQLite the worker runs in here.

    Once `serving` says no, every socket is closed: pages connect anew, to a process that stays.
    """
    if settings.embedded:
        _hold_database(settings)
    refuse_old_tables()
    if settings.embedded:
        queue.release_leases()
    stopped = threading.Event()
    work: SimpleQueue[Callable[[], None]] = SimpleQueue()
    bus.set_dispatcher(work.put)
    batching.set_timer(gevent.spawn_later, load_shedding.loop_lag)
    read_batch.start(gevent.spawn)
    periodic.start(app)
    gevent.spawn(load_shedding.watch)
    gevent.spawn(_dispatch, app, settings, work)
    gevent.spawn(_watch_rights, app)
    gevent.spawn(_close_on_shutdown, serving)
    if settings.embedded:
        gevent.spawn(run_worker, app, settings, stopped)
    return stopped


def run_worker(app: Flask, settings: Settings, stopped: threading.Event) -> None:
    """The worker; its threads are in a request context of the public address: mails hold full links."""

    @contextmanager
    def enter() -> Iterator[None]:
        mark_background()
        with app.test_request_context(base_url=settings.public_url):
            yield

    worker.work_until(stopped, enter)


class OldTables(Exception):
    """New code on old tables would fail on every second page; the message is one plain sentence."""


def refuse_old_tables() -> None:
    """Whoever cannot ask goes on: a database that is away comes back, and pages say so until then."""
    try:
        fault = migrations.find_fault()
    except SQLAlchemyError as error:
        log.warning("the tables cannot be looked at", reason=database_outage(error))
        return
    if fault:
        raise OldTables(fault)


class DatabaseTaken(Exception):
    """Another process serves this SQLite file; two would corrupt or freeze each other."""


def _hold_database(settings: Settings) -> None:
    file = make_url(settings.database_url).database or ":memory:"
    handle = os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT, 0o600)  # kept open as long as we live
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise DatabaseTaken(f"{file} is in use by another process. More processes need PostgreSQL.") from None


def act_on_ended_rights(since: datetime, done: frozenset[str] = frozenset()) -> frozenset[str]:
    """Close or move this process's sockets whose rights ended after `since`, but for those `done` already.

    Gives what is done now. Looking back further than the last look finds what was noted early and
    committed late, and what another machine noted by a clock that lags.
    """
    with unit_of_work() as db:
        ended = list(db.scalars(_SINCE, {"since": since}))
    for right in ended:
        if right.id not in done:
            _act_on(right)
    return frozenset(right.id for right in ended)


@queue.job(every=SWEEP_EVERY)
def sweep_ended_rights() -> None:
    """Forget what every process has acted on long ago."""
    with unit_of_work() as db:
        db.execute(delete(Revocation).where(Revocation.at < clock.now() - RETENTION))


def _act_on(right: Revocation) -> None:
    if right.room is not None and right.person_id is None:
        connections.empty_room(right.room)
    elif right.room is not None:
        connections.evict_where(lambda open_: open_.person_id == right.person_id, right.room)
    elif right.sign_in_id is not None:
        connections.close_where(lambda open_: open_.sign_in_id == right.sign_in_id)
    elif right.keys_of is not None:
        connections.close_where(lambda open_: open_.by_key and open_.person_id == right.keys_of)
    else:
        connections.close_where(lambda open_: open_.person_id == right.person_id)


def _dispatch(app: Flask, settings: Settings, work: "SimpleQueue[Callable[[], None]]") -> None:
    mark_background()  # a round tells hundreds at once
    with app.test_request_context(base_url=settings.public_url):
        while True:
            work.get()()
            yield_if_due()


def _close_on_shutdown(serving: Callable[[], bool]) -> None:
    while serving():
        gevent.sleep(POLL_INTERVAL_SECONDS / 4)
    connections.close_all()


def _watch_rights(app: Flask) -> None:
    done: frozenset[str] = frozenset()
    with app.app_context():
        while True:
            gevent.sleep(POLL_INTERVAL_SECONDS)
            try:
                done = act_on_ended_rights(clock.now() - OVERLAP, done)
                log_recovery(CANNOT_LOOK)
            except Exception as error:  # whatever happens, the next look must come
                log_repeated_failure(CANNOT_LOOK, error)
