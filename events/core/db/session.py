"""The database: one engine, one Base, and the unit of work that every door and job opens."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar

from sqlalchemy import DateTime, Dialect, Engine, MetaData, String, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from events.core import bus
from events.core.cooperative import yield_if_due
from events.core.db import postgres
from events.core.ids import ID_LENGTH, new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# Two writers in WAL mode can corrupt the file on these builds; rollback journals are safe everywhere.
WAL_IS_SAFE_FROM = (3, 51, 3)
CONNECTION_FREE_WITHIN = (
    12  # seconds on SQLite, which has one connection; less than the proxy waits for a page
)
LOCK_TIMEOUT_SECONDS = (
    1.0  # seconds; only a stranger to this process can hold the file, and then nobody is served
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime. SQLite drops the offset, so it is taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Row = TypeVar("Row")

Id = Annotated[str, mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)]
Ref = Annotated[str, mapped_column(String(ID_LENGTH))]


class Base(DeclarativeBase):
    """Every table of Ontmoet."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime}


_sessions: sessionmaker[Session] | None = None
_open_units: ContextVar[int] = ContextVar("open_units", default=0)
enforce_io_guard = False  # tests set it: outside work while a unit of work is open becomes an error


class IOInsideTransaction(RuntimeError):
    """Network, hashing, a child process or an emit was tried while a unit of work was open."""


def connect(url: str) -> Engine:
    """Make the engine that every unit of work uses from now on; connections of the one before are closed."""
    global _sessions  # noqa: PLW0603 - one process, one database
    if _sessions is not None:
        engine().dispose()
    made = _sqlite_engine(url) if url.startswith("sqlite") else postgres.make_engine(url)
    _sessions = sessionmaker(made, expire_on_commit=False)
    return made


def engine() -> Engine:
    if _sessions is None:
        raise RuntimeError("the database is not connected yet")
    bind: Engine = _sessions.kw["bind"]
    return bind


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One transaction. What was announced in it is handed on once it is committed."""
    if _sessions is None:
        raise RuntimeError("the database is not connected yet")
    token = _open_units.set(_open_units.get() + 1)
    session = _sessions()
    try:
        yield session
        session.commit()
        announced = bus.pop_announced(session)
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
        _open_units.reset(token)
    bus.dispatch(announced)


def assert_no_transaction(what: str) -> None:
    """Guard of all outside work: a database connection must not wait for a network, a hash or a child."""
    if enforce_io_guard and _open_units.get():
        raise IOInsideTransaction(f"{what} while a unit of work is open")


def get_or_create(session: Session, find: Callable[[], Row | None], make: Callable[[], Row]) -> Row:
    """The row that `find` gives, else a new one. Of two transactions that insert the same unique row, the
    second waits for the first at its savepoint and gets the row of the first."""
    found = find()
    if found is not None:
        return found
    made = make()
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        found = find()
        if found is None:  # another constraint refused it
            raise
        return found
    return made


def insert_into(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT."""
    return sqlite.insert(table) if is_sqlite(session) else postgresql.insert(table)


def is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _sqlite_engine(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    created = create_engine(
        url,
        hide_parameters=True,  # they are people's words, and tracebacks are logged
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=CONNECTION_FREE_WITHIN,
        connect_args={"check_same_thread": False, "timeout": LOCK_TIMEOUT_SECONDS},
    )
    event.listen(created, "connect", _prepare_sqlite)
    event.listen(created, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    # A file answers without letting go of the process: so what works in the background does it in between.
    event.listen(created, "after_cursor_execute", lambda *_statement: yield_if_due())
    return created


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # Our own BEGIN IMMEDIATE instead of the driver's late one: writers then queue instead of failing.
    connection.isolation_level = None
    # As durable as deleting the journal at each commit, and twice as fast: its name stays in the folder.
    journal = "WAL" if sqlite3.sqlite_version_info >= WAL_IS_SAFE_FROM else "TRUNCATE"
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute("PRAGMA synchronous = FULL")
