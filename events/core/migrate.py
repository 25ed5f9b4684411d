"""Migrations: bring the tables to the present shape, and tell whether they are."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from events.core.config import ROOT
from events.core.db import engine

OLD_TABLES = "The tables are older than this code: run `flask prepare`."


def upgrade() -> None:
    """Run every migration that has not run yet."""
    command.upgrade(config(), "head")


def is_current() -> bool:
    """Whether the tables have the shape that this code expects.

    Newer ones have: a release only adds, so that processes of the one before it go on meanwhile.
    """
    with engine().connect() as connection:
        applied = set(MigrationContext.configure(connection).get_current_heads())
    known, heads = _revisions()
    return bool(applied) and (applied == heads or not applied <= known)


@cache
def _revisions() -> tuple[frozenset[str], frozenset[str]]:
    """All revisions of this code, and the last ones."""
    scripts = ScriptDirectory.from_config(config())
    return frozenset(one.revision for one in scripts.walk_revisions()), frozenset(scripts.get_heads())


def config() -> Config:
    return Config(toml_file=str(ROOT / "pyproject.toml"))
