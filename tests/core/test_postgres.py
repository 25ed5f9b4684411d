"""PostgreSQL timeouts: a wait ends, and a connection that timed out is not reused."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from events.core.db.postgres import Connection
from events.core.db.session import engine, unit_of_work

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(os.environ.get("TEST_ON") != "postgres", reason="of PostgreSQL alone"),
]


@pytest.fixture
def hurried(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    engine().dispose()
    monkeypatch.setattr(Connection, "response_timeout", 0.2)
    yield
    engine().dispose()


def test_an_answer_that_does_not_come_is_an_operational_error_and_the_next_unit_works(hurried: None) -> None:
    with pytest.raises(OperationalError), unit_of_work() as db:
        db.execute(text("SELECT pg_sleep(2)"))
    with unit_of_work() as db:
        assert db.scalar(text("SELECT 1")) == 1


def test_a_connection_that_was_cut_off_is_replaced_before_anybody_works_with_it(app: Flask) -> None:
    with unit_of_work() as db:
        mine = db.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(engine().url.set(drivername="postgresql").render_as_string(False)) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [mine])
    with unit_of_work() as db:
        assert db.scalar(text("SELECT pg_backend_pid()")) != mine
