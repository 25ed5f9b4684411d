"""Migrations: bring the tables to the present shape, and tell whether they are."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from events.core.config import ROOT
from events.core.db import engine


def upgrade() -> None:
    """Run every migration that has not run yet."""
    command.upgrade(config(), "head")


def is_current() -> bool:
    """Whether the tables have the shape that this code expects."""
    with engine().connect() as connection:
        applied = MigrationContext.configure(connection).get_current_heads()
    return set(applied) == set(ScriptDirectory.from_config(config()).get_heads())


def config() -> Config:
    return Config(toml_file=str(ROOT / "pyproject.toml"))
