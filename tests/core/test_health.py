"""Health checks: servers that answer but accept no write, stale tables, workers and queues."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import redis as redis_client
from flask import Flask
from sqlalchemy import event, text

from events.core import clock, server
from events.core.config import Settings
from events.core.db import migrations, session
from events.core.db.session import unit_of_work
from events.core.jobs import worker
from events.core.jobs.queue import Job, Lane, name_of
from events.core.mail.outbox import send_mail
from events.core.ops import doctor, health
from events.core.ops.health import examine_health
from tests.support.cast import Cast
from tests.support.processes import redis
from tests.support.types import OpenPage, SetClock

ON_POSTGRES = os.environ.get("TEST_ON") == "postgres"
pytestmark = pytest.mark.postgres


@contextmanager
def read_only() -> Iterator[None]:
    """The database answers and takes no write, as a standby or a file system that is mounted read-only."""

    def deny(connection: object, _record: object, _proxy: object) -> None:
        if ON_POSTGRES:
            connection.execute("SET default_transaction_read_only = on")  # type: ignore[attr-defined]
            connection.commit()  # type: ignore[attr-defined]
        else:
            connection.execute("PRAGMA query_only = ON")  # type: ignore[attr-defined]

    engine = session.engine()
    event.listen(engine, "checkout", deny)
    try:
        yield
    finally:
        event.remove(engine, "checkout", deny)
        with engine.connect() as connection:
            raw = connection.connection
            raw.cursor().execute(
                "SET default_transaction_read_only = off" if ON_POSTGRES else "PRAGMA query_only = OFF"
            )
            raw.commit()
        engine.dispose()


def sentences(settings: Settings) -> str:
    return " ".join(found.sentence for found in doctor._database(settings))


def test_a_database_that_takes_nothing_is_not_ready_and_pages_say_when_to_come_back(
    app: Flask, settings: Settings, cast: Cast, page: OpenPage
) -> None:
    worker.beat("one:1")
    assert health.database_trouble() is None
    bram = page(cast.bram)
    with read_only():
        assert health.database_trouble() == "it is read-only"
        health.forget()
        answer = bram.get("/readyz")
        assert (answer.status_code, answer.get_json()["database"]) == (503, False)
        app.config["TESTING_FAULTS"] = False
        try:
            refused = bram.post("/me/calendars", address="https://kalender.test/a.ics")
        finally:
            app.config["TESTING_FAULTS"] = True
        assert refused.status_code == 503
        assert refused.headers["Retry-After"]
    assert health.database_trouble() is None


def test_new_code_on_old_tables_is_not_ready_and_does_not_start(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.beat("one:1")
    assert examine_health(settings).ready
    server.refuse_old_tables()
    (head,) = migrations._revisions()[1]
    monkeypatch.setattr(
        migrations, "_revisions", lambda: (frozenset({"an-older-one", head}), frozenset({head}))
    )
    try:
        for stamp in ("an-older-one", None):
            with session.engine().begin() as connection:
                connection.execute(text("DELETE FROM alembic_version"))
                if stamp is not None:
                    connection.execute(text("INSERT INTO alembic_version VALUES (:one)"), {"one": stamp})
            health.forget()
            assert not examine_health(settings).tables
            assert not examine_health(settings).ready
            with pytest.raises(server.OldTables, match="older than this code"):
                server.refuse_old_tables()
        with session.engine().begin() as connection:
            connection.execute(text("INSERT INTO alembic_version VALUES ('of-a-later-release')"))
        server.refuse_old_tables()  # tables of the next release: processes of this one go on
    finally:
        with session.engine().begin() as connection:
            connection.execute(text("DELETE FROM alembic_version"))
            connection.execute(text("INSERT INTO alembic_version VALUES (:one)"), {"one": head})


def test_no_worker_is_seen_at_once(settings: Settings, page: OpenPage, set_clock: SetClock) -> None:
    assert page(None).get("/readyz").get_json()["worker"] is False
    worker.beat("one:1")
    health.forget()
    assert page(None).get("/readyz").get_json()["worker"] is True
    set_clock(timedelta(minutes=2))
    health.forget()
    assert page(None).get("/readyz").status_code == 503


def test_the_probe_is_never_taken_for_a_worker() -> None:
    for _ in range(3):
        assert health.database_trouble() is None
    with unit_of_work() as rows:
        assert not worker.is_alive(rows)


def test_waiting_mails_and_dead_jobs_are_reported_but_do_not_affect_readiness(
    settings: Settings, page: OpenPage, set_clock: SetClock
) -> None:
    worker.beat("one:1")
    since = clock.now() - timedelta(hours=1)
    with unit_of_work() as rows:
        rows.add(
            Job(
                name=name_of(send_mail),
                arguments='["x"]',
                lane=Lane.PEOPLE,
                due_at=clock.now(),
                failing_since=since,
                error="451 the server is away",
            )
        )
        rows.add(Job(name="core.gone", arguments="[]", state="dead", due_at=clock.now()))
    said = page(None).get("/readyz")
    assert said.status_code == 200
    assert said.get_json()["mail_waits_since"] == since.isoformat(timespec="seconds")
    assert said.get_json()["given_up"] == 1
    findings = [f"{found.level}: {found.sentence}" for found in doctor._queue()]
    assert any(one.startswith("bad: Mail has waited since 2026-11-23 08:00 UTC: 451") for one in findings)
    assert any("1 jobs and mails were given up" in one for one in findings)


def test_late_bulk_mail_does_not_make_the_process_unready(settings: Settings, page: OpenPage) -> None:
    worker.beat("one:1")
    with unit_of_work() as rows:
        late = clock.now() - timedelta(hours=1)
        rows.add(Job(name=name_of(send_mail), arguments='["x"]', lane=Lane.BULK, due_at=late))
    assert page(None).get("/readyz").status_code == 200
    assert any("lane bulk" in found.sentence for found in doctor._queue())


@pytest.mark.skipif(ON_POSTGRES, reason="of Redis alone")
def test_a_full_redis_is_called_full_and_an_absent_one_absent(tmp_path: Path) -> None:
    with redis(tmp_path) as url:
        assert health.redis_trouble(url) is None
        with redis_client.Redis.from_url(url) as client:
            client.config_set("maxmemory", "1000")
            client.config_set("maxmemory-policy", "noeviction")
        assert health.redis_trouble(url) == "its memory is full"
    assert "does not answer" in (health.redis_trouble(url) or "")


def test_the_doctor_says_all_of_it(settings: Settings) -> None:
    assert "No worker has run yet" in sentences(settings)
    worker.beat("one:1")
    said = sentences(settings)
    assert "The database takes what is written." in said
    assert "A worker runs." in said
