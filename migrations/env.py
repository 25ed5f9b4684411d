"""How Alembic runs our migrations: on the engine of the app, in batches that SQLite can follow."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection

from events.core.config import Settings
from events.core.db.session import connect, engine
from events.schema import metadata

MAX_LOCK = "30s"  # whoever waits for a table makes all others wait behind it


def run(connection: Connection) -> None:
    with unhurried(connection):
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            compare_type=True,
            user_module_prefix="",
        )
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def unhurried(connection: Connection) -> Iterator[None]:
    """A large table may take as long as it takes: the limits of the app on statements are for pages."""
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{MAX_LOCK}'")
    driver = connection.connection.driver_connection
    driver.patience = None
    try:
        yield
    finally:
        del driver.patience


@contextmanager
def references_unchecked(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying and dropping it, which would delete whatever refers to it.

    The switch does nothing inside a transaction, so it is set on the connection before one begins.
    """
    sqlite = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None
    if sqlite is not None:
        sqlite.execute("PRAGMA foreign_keys = OFF")
    yield
    if sqlite is not None:
        sqlite.execute("PRAGMA foreign_keys = ON")


try:
    bind = engine()
except RuntimeError:  # called as `alembic`, not through the app
    bind = connect(Settings().database_url)

with bind.connect() as connection, references_unchecked(connection):
    run(connection)
    connection.commit()
