"""Tables are emptied after each test that used them; many never read or write a row."""

import sqlite3
import threading

from sqlalchemy import event
from sqlalchemy.engine import Engine

from events.core.db import session as core_session
from events.schema import metadata

EMPTY_TABLES = ";".join(str(table.delete()) for table in reversed(metadata.sorted_tables))
_used = threading.Event()  # this process took a connection since they were emptied
_watched: list[Engine] = []


def watch_tables() -> None:
    """The doctor and some tests connect anew, and leave another engine behind."""
    engine = core_session.engine()
    if engine in _watched:
        return
    _watched[:] = [engine]
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _write_to_memory)
        engine.dispose()
    event.listen(engine, "checkout", lambda *_: _used.set())
    _used.set()


def empty_tables() -> None:
    """All of them by one call of the driver: 70 statements of SQLAlchemy took a tenth of each test."""
    watch_tables()
    if not _used.is_set():
        return
    connection = core_session.engine().raw_connection()
    try:
        if core_session.engine().dialect.name == "sqlite":
            connection.cursor().executescript(EMPTY_TABLES)  # of sqlite3 alone
        else:
            connection.cursor().execute(EMPTY_TABLES)
        connection.commit()
    finally:
        connection.close()
    _used.clear()


def _write_to_memory(connection: sqlite3.Connection, _record: object) -> None:
    """Nothing survives these tests anyway; what must survive a crash is shown on real processes."""
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA journal_mode = MEMORY")
