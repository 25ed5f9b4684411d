"""Jobs: queued with the change, run at least once, put back when they fail, given up in the end."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from typing_extensions import override

from events.core import clock, queue
from events.core.db import unit_of_work
from events.core.queue import MOST_ATTEMPTS, Job, enqueue, job, run_due, withdraw

done: list[str] = []
Move = Callable[[datetime | timedelta], datetime]


@job()
def note(word: str) -> None:
    done.append(word)


@job()
def stumble() -> None:
    raise ValueError("stumbled")


@pytest.fixture(autouse=True)
def _forget() -> None:
    done.clear()


def only_job() -> Job:
    with unit_of_work() as db:
        return db.scalars(select(Job)).one()


def test_a_job_runs_once_it_is_due(at: Move) -> None:
    with unit_of_work() as db:
        enqueue(db, note, "later", at=clock.now() + timedelta(hours=1))
    assert run_due() == 0
    at(timedelta(hours=1))
    assert run_due() == 1
    assert done == ["later"]
    assert run_due() == 0


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
        withdraw(db, "k")
        enqueue(db, note, "second", key="k")
    run_due()
    assert done == ["second"]


def test_a_failing_job_is_tried_again_later_and_given_up_in_the_end(at: Move) -> None:
    with unit_of_work() as db:
        enqueue(db, stumble)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert run_due() == 1
        assert run_due() == 0
        assert only_job().attempts == attempt
        at(timedelta(hours=3))
    assert only_job().state == "dead"
    assert "stumbled" in (only_job().error or "")
    assert run_due() == 0


def test_a_job_whose_worker_died_runs_again_when_its_lease_ends(at: Move) -> None:
    with unit_of_work() as db:
        enqueue(db, note, "again")
    assert queue._claim() is not None  # the worker dies here
    assert run_due() == 0
    at(queue.LEASE + timedelta(seconds=1))
    assert run_due() == 1
    assert done == ["again"]


def test_where_one_process_holds_the_database_a_killed_job_is_due_at_its_next_start(at: Move) -> None:
    with unit_of_work() as db:
        enqueue(db, note, "held")
    assert queue._claim() is not None, "the process that took this is killed here"
    assert run_due() == 0
    queue.release_leases()
    assert run_due() == 1
    assert done == ["held"]


def test_a_periodic_job_waits_once_and_comes_back(at: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "kinds", {"x": queue.Kind(queue._name_of(note), tick, timedelta(minutes=1))})
    queue.kinds[queue._name_of(note)] = queue.Kind(queue._name_of(note), tick, timedelta(minutes=1))
    with unit_of_work() as db:
        enqueue(db, note, key=f"every:{queue._name_of(note)}")
        enqueue(db, note, key=f"every:{queue._name_of(note)}")
    assert run_due() == 1
    assert run_due() == 0
    at(timedelta(minutes=2))
    assert run_due() == 1
    assert done == ["tick", "tick"]


def tick() -> None:
    done.append("tick")


def test_what_was_done_long_ago_is_forgotten_and_what_was_given_up_is_not(at: Move) -> None:
    with unit_of_work() as db:
        enqueue(db, note, "old")
    run_due()
    with unit_of_work() as db:
        db.add(Job(name="core.gone", arguments="[]", state="dead", due_at=clock.now()))
    at(queue.KEEP_DONE + timedelta(days=1))
    with unit_of_work() as db:
        enqueue(db, note, "new")
    run_due()
    queue.sweep_done()
    with unit_of_work() as db:
        assert sorted(job.state for job in db.scalars(select(Job))) == ["dead", "done"]


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


class Impatient(threading.Event):
    """Says when to stop without anybody having to wait."""

    pauses = 0

    @override
    def wait(self, timeout: float | None = None) -> bool:
        self.pauses += 1
        clock.set_source(None)
        if self.pauses == 2:
            self.set()
        return self.is_set()


def test_the_worker_outlives_whatever_befalls_it() -> None:
    with unit_of_work() as db:
        enqueue(db, note, "still here")
    clock.set_source(lambda: 1 / 0)  # type: ignore[arg-type, return-value]  # something that nobody foresaw
    queue.work_until(Impatient())
    assert "still here" in done
