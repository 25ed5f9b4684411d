"""SQLAlchemy's dialect of SQLite with our way to begin a transaction and to yield between statements.

Event listeners could do the same, but an engine with listeners of statements takes a longer way through
every one of them, and a BEGIN sent by a listener costs as much as a query.
"""

from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from typing_extensions import override

from events.core.cooperative import yield_if_due

DRIVER = "sqlite+cooperative"  # in the URL of an engine


class CooperativeSqlite(SQLiteDialect_pysqlite):
    """SQLite never yields to gevent, so background work yields between its statements."""

    supports_statement_cache = True

    @override
    def do_begin(self, dbapi_connection: Any) -> None:
        """BEGIN IMMEDIATE instead of the driver's deferred BEGIN: writers queue instead of failing."""
        dbapi_connection.execute("BEGIN IMMEDIATE")

    @override
    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        cursor.execute(statement, parameters)
        yield_if_due()

    @override
    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        cursor.executemany(statement, parameters)
        yield_if_due()


registry.register(DRIVER.replace("+", "."), __name__, CooperativeSqlite.__name__)
