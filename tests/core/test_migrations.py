"""Migrations: they create the declared tables, keep rows, and can be reverted."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData, insert, inspect, text
from sqlalchemy.types import TypeEngine

from events.core.db import migrations, session
from events.schema import metadata

FIRST = "initial"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Engine]:
    """A database of its own; the one of the other tests comes back afterwards."""
    usual = session._sessions
    session.connect(f"sqlite:///{tmp_path}/fresh.db")
    yield session.engine()
    session.engine().dispose()
    session._sessions = usual


@pytest.mark.usefixtures("fresh")
def test_the_migrations_make_the_tables_of_the_code() -> None:
    assert not migrations.is_current()
    migrations.upgrade()
    assert migrations.is_current()
    with session.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def one_row_each(connection: Connection, tables: MetaData) -> dict[str, dict[str, object]]:
    """A row in every table, each referring to those before it."""
    rows: dict[str, dict[str, object]] = {}
    for table in tables.sorted_tables:
        if table.name == "alembic_version":
            continue
        rows[table.name] = {}
        for column in table.columns:
            references = [key.column for key in column.foreign_keys if key.column.table.name in rows]
            if references:
                rows[table.name][column.name] = rows[references[0].table.name][references[0].name]
            elif not column.nullable:
                rows[table.name][column.name] = plain_value(column.type)
        connection.execute(insert(table).values(rows[table.name]))
    return rows


def plain_value(kind: TypeEngine[Any]) -> object:
    return {
        str: "x",
        int: 1,
        float: 1.0,
        bool: False,
        date: date(2026, 1, 1),
        datetime: datetime(2026, 1, 1),  # noqa: DTZ001 - as SQLite stores it
        dict: {},
    }.get(kind.python_type, "x")


def count_rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        tables = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        return {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in tables}  # noqa: S608 - names of our tables


def test_an_upgrade_from_the_first_tables_keeps_every_row(fresh: Engine) -> None:
    command.upgrade(migrations.config(), FIRST)
    tables = MetaData()
    tables.reflect(fresh)
    with fresh.begin() as connection:
        rows = one_row_each(connection, tables)
    migrations.upgrade()
    counted = count_rows(fresh)
    assert {name: counted[name] for name in rows if name in counted} == dict.fromkeys(rows, 1)
    with fresh.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.usefixtures("fresh")
def test_the_migrations_go_back() -> None:
    migrations.upgrade()
    command.downgrade(migrations.config(), "base")
    with session.engine().connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}


def test_a_database_from_before_the_first_release_is_refused_in_one_sentence(fresh: Engine) -> None:
    """As `flask prepare` and the start of the server meet it; nothing in it is changed."""
    with fresh.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('5f2c')")
        connection.exec_driver_sql("CREATE TABLE yes (id VARCHAR(26) PRIMARY KEY)")
    assert migrations.find_fault() == migrations.PRERELEASE
    with pytest.raises(migrations.PrereleaseDatabase, match="made before the first release"):
        migrations.upgrade()
    with fresh.connect() as connection:
        assert set(inspect(connection).get_table_names()) == {"alembic_version", "yes"}
