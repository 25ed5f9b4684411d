"""Job worker: every lane is served, and outages and silent servers delay no other lane."""

import threading
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from events.core import clock
from events.core.db.session import unit_of_work
from events.core.jobs import queue, worker
from events.core.jobs.queue import Job, Lane, enqueue, job, run_due
from events.core.jobs.worker import Heartbeat, work_until
from events.core.runtime import runtime, system_time
from tests.support.types import SetClock

TIMEOUT_SECONDS = 30.0  # seconds until something that never comes counts as broken
order: list[str] = []
answered = threading.Event()  # a server outside answers at last
stopped = threading.Event()


@job()
def note(word: str) -> None:
    order.append(word)


@job()
def hang(word: str) -> None:
    """Wait for a server that does not answer."""
    order.append(f"{word} begins")
    answered.wait(TIMEOUT_SECONDS)
    order.append(f"{word} ends")


@job()
def release() -> None:
    """The last of those that must not wait: only then does the server answer."""
    order.append("released")
    answered.set()


@job(lane=Lane.MAILBOX)
def stop() -> None:
    stopped.set()


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for one in (order.clear, answered.clear, stopped.clear):
        one()
    monkeypatch.setattr(worker, "plan_periodic", lambda: None)
    monkeypatch.setattr(worker, "POLL_INTERVAL_SECONDS", 0.01)
    monkeypatch.setattr(worker, "RETRY_AFTER_SECONDS", 0.01)
    yield
    answered.set()


def test_a_lane_whose_server_is_silent_delays_no_other(set_clock: SetClock) -> None:
    """Hanging mails to many, calendars and a long matching: a sign-in link and the lobby come at once."""
    long_ago = clock.now() - timedelta(hours=1)
    with unit_of_work() as db:
        for lane in (Lane.BULK, Lane.CALENDARS, Lane.HEAVY):
            for number in range(3):
                enqueue(db, hang, f"{lane} {number}", lane=lane, at=long_ago)
        enqueue(db, note, "the lobby opens", lane=Lane.NOW)
        enqueue(db, note, "a sign-in link", lane=Lane.PEOPLE)
        enqueue(db, release, lane=Lane.NOW, at=clock.now() + timedelta(microseconds=1))
    set_clock(timedelta(seconds=1))
    serving = threading.Thread(target=work_until, args=(stopped, nullcontext))
    serving.start()
    assert answered.wait(TIMEOUT_SECONDS), "what is due now waited for a silent server"
    stopped.set()
    serving.join()
    assert "the lobby opens" in order
    ended = [word for word in order if word.endswith("ends")]
    assert order.index("released") < min((order.index(word) for word in ended), default=len(order))
    hanging = [word for word in order[: order.index("released")] if word.endswith("begins")]
    assert len(hanging) <= 3, "one at a time in each of these lanes"


def test_every_lane_is_served_and_jobs_in_hand_are_finished(set_clock: SetClock) -> None:
    with unit_of_work() as db:
        for lane in Lane:
            enqueue(db, note, lane, lane=lane)
        enqueue(db, stop, at=clock.now() + timedelta(seconds=1))
    serving = threading.Thread(target=work_until, args=(stopped, nullcontext))
    serving.start()
    for _ in range(3000):
        if set(order) == set(Lane):
            break
        stopped.wait(0.01)
    stopped.set()
    serving.join()
    assert set(order) == set(Lane)


def test_the_worker_survives_any_exception() -> None:
    with unit_of_work() as db:
        enqueue(db, note, "still here")
        enqueue(db, stop, lane=Lane.NOW)
    failures: list[int] = []

    def unforeseen() -> datetime:
        failures.append(1)
        if len(failures) > 3:
            runtime.clock = system_time
        raise ZeroDivisionError

    runtime.clock = unforeseen
    work_until(stopped, nullcontext)
    assert len(failures) > 3
    assert "still here" in order


def test_a_worker_says_that_it_is_alive_and_one_that_is_silent_counts_as_gone(set_clock: SetClock) -> None:
    with unit_of_work() as db:
        assert not worker.is_alive(db), "no worker has run yet"
    worker.beat("one:1")
    worker.beat("one:1")
    with unit_of_work() as db:
        assert worker.is_alive(db)
        assert len(db.scalars(select(Heartbeat)).all()) == 1
    set_clock(worker.HEARTBEAT_TIMEOUT + timedelta(seconds=1))
    with unit_of_work() as db:
        assert not worker.is_alive(db)
    set_clock(timedelta(days=2))
    worker.sweep_heartbeats()
    with unit_of_work() as db:
        assert worker.last_seen(db) is None


def test_what_was_done_long_ago_is_forgotten_and_what_was_given_up_is_not(set_clock: SetClock) -> None:
    with unit_of_work() as db:
        enqueue(db, note, "old")
    run_due()
    with unit_of_work() as db:
        db.add(Job(name="core.gone", arguments="[]", state="dead", due_at=clock.now()))
    set_clock(worker.DONE_RETENTION + timedelta(days=1))
    with unit_of_work() as db:
        enqueue(db, note, "new")
    run_due()
    worker.sweep_done()
    with unit_of_work() as db:
        assert sorted(job.state for job in db.scalars(select(Job))) == ["dead", "done"]


def test_periodic_jobs_are_planned_once_and_move_to_the_lane_of_this_release(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    kind = queue.JobType(queue.name_of(note), note, timedelta(minutes=1), Lane.NOW)
    monkeypatch.setattr(worker, "job_types", {kind.name: kind})
    worker.plan_periodic()
    monkeypatch.setattr(
        worker, "job_types", {kind.name: queue.JobType(kind.name, note, timedelta(minutes=1), Lane.CALENDARS)}
    )
    worker.plan_periodic()
    with unit_of_work() as db:
        assert [one.lane for one in db.scalars(select(Job))] == [Lane.CALENDARS]
