"""Migrations: they make exactly the tables that the code declares, on a fresh database and back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from events.core import db, migrate
from events.core.config import ROOT
from events.schema import metadata


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Engine]:
    """A database of its own; the one of the other tests comes back afterwards."""
    usual = db._sessions
    db.connect(f"sqlite:///{tmp_path}/fresh.db")
    yield db.engine()
    db.engine().dispose()
    db._sessions = usual


@pytest.mark.usefixtures("fresh")
def test_the_migrations_make_the_tables_of_the_code() -> None:
    assert not migrate.is_current()
    migrate.upgrade()
    assert migrate.is_current()
    with db.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.usefixtures("fresh")
def test_the_migrations_go_back() -> None:
    migrate.upgrade()
    command.downgrade(Config(toml_file=str(ROOT / "pyproject.toml")), "base")
    with db.engine().connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
