"""Alembic migrations: upgrade the tables, and check that they fit this code."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from events.core.config import ROOT
from events.core.db.session import engine

OLD_TABLES = "The tables are older than this code: run `flask prepare`."
PRERELEASE = (
    "This database was made before the first release and cannot be upgraded: "
    "delete it (`make clean` deletes the demo) and run `make run` or `flask prepare` again."
)


class PrereleaseDatabase(Exception):
    """The tables come from a development version whose migrations no longer exist."""


def upgrade() -> None:
    """Run all pending migrations. Raises PrereleaseDatabase before anything is changed."""
    with engine().connect() as connection:
        if _is_prerelease(connection):
            raise PrereleaseDatabase(PRERELEASE)
    command.upgrade(config(), "head")


def find_fault() -> str | None:
    """One sentence when the tables do not fit this code, else None.

    Newer tables fit: releases only add, so processes of the previous release keep running.
    """
    with engine().connect() as connection:
        if _is_prerelease(connection):
            return PRERELEASE
        applied = set(MigrationContext.configure(connection).get_current_heads())
    known, heads = _revisions()
    return None if applied and (applied == heads or not applied <= known) else OLD_TABLES


def is_current() -> bool:
    return find_fault() is None


def _is_prerelease(connection: Connection) -> bool:
    """Whether an older schema is present: it had a table `yes` where the initial revision has
    `opt_in`.
    """
    tables = set(inspect(connection).get_table_names())
    return "alembic_version" in tables and "yes" in tables and "opt_in" not in tables


@cache
def _revisions() -> tuple[frozenset[str], frozenset[str]]:
    """All known revisions, and the heads."""
    scripts = ScriptDirectory.from_config(config())
    return frozenset(script.revision for script in scripts.walk_revisions()), frozenset(scripts.get_heads())


def config() -> Config:
    return Config(toml_file=str(ROOT / "pyproject.toml"))
