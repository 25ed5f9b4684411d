"""How Alembic runs our migrations: on the engine of the app, in batches that SQLite can follow."""

from alembic import context
from sqlalchemy import Connection

from events.core.config import Settings
from events.core.db import connect, engine
from events.schema import metadata


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        user_module_prefix="",
    )
    with context.begin_transaction():
        context.run_migrations()


try:
    bind = engine()
except RuntimeError:  # called as `alembic`, not through the app
    bind = connect(Settings().database_url)

with bind.connect() as connection:
    run(connection)
    connection.commit()
