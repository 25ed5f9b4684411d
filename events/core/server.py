"""Start of a web process: file lock of SQLite, background greenlets, job worker, and graceful shutdown."""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import gevent
import structlog
from flask import Flask
from gevent.queue import SimpleQueue
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from events.core.config import Settings
from events.core.cooperative import mark_background, yield_if_due
from events.core.db import migrations
from events.core.jobs import queue, worker
from events.core.outages import database_outage
from events.core.realtime import connections, load_shedding, periodic, revocations
from events.core.runtime import runtime

log = structlog.get_logger()
SHUTDOWN_POLL_SECONDS = 0.25


def start(app: Flask, settings: Settings, serving: Callable[[], bool]) -> threading.Event:
    """Start all background greenlets, on SQLite the worker too; setting the event stops the worker.

    Once `serving` returns False every socket is closed, so that pages reconnect to another process.
    Raises DatabaseTaken and OldTables.
    """
    if settings.embedded:
        _lock_database(settings)
    refuse_old_tables()
    if settings.embedded:
        queue.release_leases()
    stopped = threading.Event()
    work: SimpleQueue[Callable[[], None]] = SimpleQueue()
    runtime.dispatch, runtime.spawn = work.put, gevent.spawn
    runtime.call_later, runtime.loop_lag = gevent.spawn_later, load_shedding.loop_lag
    periodic.start(app)
    gevent.spawn(load_shedding.watch)
    gevent.spawn(_dispatch, app, settings, work)
    gevent.spawn(revocations.watch, app)
    gevent.spawn(_close_on_shutdown, serving)
    if settings.embedded:
        gevent.spawn(run_worker, app, settings, stopped)
    return stopped


def run_worker(app: Flask, settings: Settings, stopped: threading.Event) -> None:
    """Run the worker; its threads have a request context of PUBLIC_URL, since mails hold full URLs."""

    @contextmanager
    def enter() -> Iterator[None]:
        mark_background()
        with app.test_request_context(base_url=settings.public_url):
            yield

    worker.work_until(stopped, enter)


class OldTables(Exception):
    """The tables are older than this code; the message is one sentence."""


def refuse_old_tables() -> None:
    """Raise OldTables. While the database is unreachable the start goes on: pages answer 503."""
    try:
        fault = migrations.find_fault()
    except SQLAlchemyError as error:
        log.warning("tables not checked", reason=database_outage(error))
        return
    if fault:
        raise OldTables(fault)


class DatabaseTaken(Exception):
    """Another process serves this SQLite file; two would block each other."""


def _lock_database(settings: Settings) -> None:
    file = make_url(settings.database_url).database or ":memory:"
    handle = os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT, 0o600)  # kept open until the process ends
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise DatabaseTaken(f"{file} is in use by another process. More processes need PostgreSQL.") from None


def _dispatch(app: Flask, settings: Settings, work: "SimpleQueue[Callable[[], None]]") -> None:
    mark_background()  # a round notifies hundreds of people at once
    with app.test_request_context(base_url=settings.public_url):
        while True:
            work.get()()
            yield_if_due()


def _close_on_shutdown(serving: Callable[[], bool]) -> None:
    while serving():
        gevent.sleep(SHUTDOWN_POLL_SECONDS)
    connections.close_all()
