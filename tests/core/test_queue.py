"""Job queue: transactional enqueue, at-least-once execution, retries and giving up."""

import threading
from datetime import timedelta

import psycopg
import pytest
import structlog
from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from events.core import clock
from events.core.db.session import unit_of_work
from events.core.jobs import queue
from events.core.jobs.queue import MAX_ATTEMPTS, Job, Lane, TryLater, cancel, enqueue, job, run_due
from tests.support.types import SetClock

done: list[str] = []
away: list[str] = []


@job()
def note(word: str) -> None:
    done.append(word)


@job()
def stumble() -> None:
    raise ValueError("stumbled")


@job()
def depend(on: str) -> None:
    """Needs a server outside while `away` says that there is one."""
    if away or on == "ours":
        raise {
            "later": TryLater("they are away"),
            "redis": RedisError("nobody there"),
            "database": OperationalError("SELECT 1", {}, psycopg.errors.DiskFull()),
            "ours": ValueError("stumbled"),
        }[on]


@job()
def read_request() -> None:
    done.append(structlog.contextvars.get_contextvars()["request_id"])


@job()
def pass_on() -> None:
    read_request()
    with unit_of_work() as db:
        enqueue(db, read_request)


@pytest.fixture(autouse=True)
def _forget() -> None:
    done.clear()
    away[:] = ["away"]


def only_job() -> Job:
    with unit_of_work() as db:
        return db.scalars(select(Job)).one()


def test_a_job_runs_once_it_is_due(set_clock: SetClock) -> None:
    with unit_of_work() as db:
        enqueue(db, note, "later", at=clock.now() + timedelta(hours=1))
    assert run_due() == 0
    set_clock(timedelta(hours=1))
    assert run_due() == 1
    assert done == ["later"]
    assert run_due() == 0


def test_what_a_job_was_given_is_forgotten_once_it_is_done() -> None:
    with unit_of_work() as db:
        enqueue(db, note, "eva@example.test")
    run_due()
    assert (only_job().state, only_job().arguments) == ("done", "[]")


def test_a_job_of_a_change_that_failed_never_was() -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work() as db:  # noqa: PT012 - the failure is inside
        enqueue(db, note, "never")
        raise ZeroDivisionError
    assert run_due() == 0


def test_the_same_key_is_queued_once_even_after_it_ran() -> None:
    for _ in range(2):
        with unit_of_work() as db:
            enqueue(db, note, "once", key="note:once")
        run_due()
    assert done == ["once"]


def test_a_withdrawn_job_does_not_run_and_may_be_queued_anew() -> None:
    with unit_of_work() as db:
        enqueue(db, note, "first", key="k")
        cancel(db, "k")
        enqueue(db, note, "second", key="k")
    run_due()
    assert done == ["second"]


def test_a_failing_job_is_tried_again_later_and_given_up_in_the_end(set_clock: SetClock) -> None:
    with unit_of_work() as db:
        enqueue(db, stumble)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert run_due() == 1
        assert run_due() == 0
        assert only_job().attempts == attempt
        set_clock(timedelta(hours=3))
    assert only_job().state == "dead"
    assert "stumbled" in (only_job().error or "")
    assert run_due() == 0


@pytest.mark.parametrize("fault", ["later", "redis", "database"])
def test_the_fault_of_a_server_outside_is_tried_for_days_with_growing_pauses(
    set_clock: SetClock, fault: str
) -> None:
    begun = clock.now()
    with unit_of_work() as db:
        enqueue(db, depend, fault)
    pauses: list[timedelta] = []
    while only_job().state == "waiting":
        assert run_due() == 1
        pauses.append(only_job().due_at - clock.now())
        set_clock(only_job().due_at)
    assert clock.now() - begun >= queue.MAX_OUTAGE
    assert len(pauses) > MAX_ATTEMPTS
    assert pauses == sorted(pauses)
    assert max(pauses) == queue.MAX_RETRY_DELAY
    assert len(pauses) < 60, "that often is no pause"


def test_a_server_that_is_back_within_days_loses_nothing(set_clock: SetClock) -> None:
    with unit_of_work() as db:
        enqueue(db, depend, "later")
    for _ in range(30):
        run_due()
        set_clock(only_job().due_at)
    away.clear()
    assert run_due() == 1
    assert only_job().state == "done"
    assert only_job().failing_since is None


def test_faults_outside_use_up_no_attempt_of_a_later_fault_of_ours(set_clock: SetClock) -> None:
    with unit_of_work() as db:
        enqueue(db, depend, "later")
    for _ in range(MAX_ATTEMPTS * 2):
        run_due()
        set_clock(only_job().due_at)
    with unit_of_work() as db:
        db.scalars(select(Job)).one().arguments = '["ours"]'
    run_due()
    assert only_job().state == "waiting"
    assert only_job().attempts == 1


def test_what_was_given_up_can_be_tried_again(set_clock: SetClock) -> None:
    with unit_of_work() as db:
        db.add(
            Job(name=queue.name_of(note), arguments='["again"]', state="dead", due_at=set_clock(timedelta()))
        )
    assert run_due() == 0
    with unit_of_work() as db:
        assert queue.revive(db) == 1
    assert run_due() == 1
    assert done == ["again"]


def test_periodic_work_that_a_release_took_away_is_forgotten_and_other_unknown_work_waits(
    set_clock: SetClock,
) -> None:
    with unit_of_work() as db:
        db.add(Job(name="core.gone", key="every:core.gone", arguments="[]", due_at=clock.now()))
        db.add(Job(name="core.newer", arguments="[]", due_at=clock.now()))
    run_due()
    assert only_job().name == "core.newer"
    assert only_job().state == "waiting"
    assert only_job().attempts == 0


def test_a_job_knows_the_request_it_follows_from(set_clock: SetClock) -> None:
    with structlog.contextvars.bound_contextvars(request_id="a-page"), unit_of_work() as db:
        enqueue(db, pass_on)
    run_due()
    assert done == ["a-page", "a-page"], "the job, and the one that it queued"


def test_a_lane_runs_its_own_jobs_alone() -> None:
    with unit_of_work() as db:
        enqueue(db, note, "many", lane=Lane.BULK)
        enqueue(db, note, "now")
        enqueue(db, note, "one", lane=Lane.PEOPLE)
    assert run_due(lane=Lane.PEOPLE) == 1
    assert run_due(lane=Lane.NOW) == 1
    assert done == ["one", "now"]


def test_a_job_whose_worker_died_runs_again_when_its_lease_ends(set_clock: SetClock) -> None:
    with unit_of_work() as db:
        enqueue(db, note, "again")
    assert queue._claim() is not None  # the worker dies here
    assert run_due() == 0
    set_clock(queue.LEASE + timedelta(seconds=1))
    assert run_due() == 1
    assert done == ["again"]


def test_where_one_process_holds_the_database_a_killed_job_is_due_at_its_next_start(
    set_clock: SetClock,
) -> None:
    with unit_of_work() as db:
        enqueue(db, note, "held")
    assert queue._claim() is not None, "the process that took this is killed here"
    assert run_due() == 0
    queue.release_leases()
    assert run_due() == 1
    assert done == ["held"]


def test_a_periodic_job_waits_once_and_comes_back(
    set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        queue, "job_types", {"x": queue.JobType(queue.name_of(note), tick, timedelta(minutes=1))}
    )
    queue.job_types[queue.name_of(note)] = queue.JobType(queue.name_of(note), tick, timedelta(minutes=1))
    with unit_of_work() as db:
        enqueue(db, note, key=f"every:{queue.name_of(note)}")
        enqueue(db, note, key=f"every:{queue.name_of(note)}")
    assert run_due() == 1
    assert run_due() == 0
    set_clock(timedelta(minutes=2))
    assert run_due() == 1
    assert done == ["tick", "tick"]


def tick() -> None:
    done.append("tick")


@pytest.mark.postgres
def test_two_workers_never_take_the_same_job() -> None:
    with unit_of_work() as db:
        for number in range(40):
            enqueue(db, note, str(number))
    workers = [threading.Thread(target=run_due) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(done, key=int) == [str(number) for number in range(40)]
