"""SQLAlchemy engine, declarative Base and unit of work (one transaction) for requests and jobs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar, cast

from sqlalchemy import DateTime, Dialect, Engine, Executable, MetaData, String, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from events.core import bus
from events.core.db import postgres, sqlite_dialect
from events.core.ids import ID_LENGTH, new_id
from events.core.runtime import runtime
from events.core.sqlite_driver import sqlite as driver

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# Two connections in WAL mode can corrupt the file on older ones; rollback journals are safe everywhere.
WAL_IS_SAFE_FROM = (3, 51, 3)
POOL_TIMEOUT_SECONDS = 12  # for the one connection of SQLite; below the proxy's timeout
# Of SQLite. Only another process can hold the lock, and it blocks every request here.
LOCK_TIMEOUT_SECONDS = 1.0


class UtcDateTime(TypeDecorator[datetime]):
    """Column of aware UTC datetimes. SQLite drops the offset, so it is removed and restored here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone cannot be stored")
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Row = TypeVar("Row")
M = TypeVar("M", bound=Callable[..., Any])

Id = Annotated[str, mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)]
Ref = Annotated[str, mapped_column(String(ID_LENGTH))]


class Base(DeclarativeBase):
    """Declarative base of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime}


class WriteRefused(RuntimeError):
    """A unit of work that may only read was about to INSERT, UPDATE or DELETE."""


def _refuse_dml(method: M) -> M:
    @wraps(method)
    def run(session: Session, statement: Executable, *args: Any, **named: Any) -> Any:
        if statement.is_dml:
            raise WriteRefused("a writing statement")
        return method(session, statement, *args, **named)

    return cast(M, run)


class ReadOnlySession(Session):
    """Raises WriteRefused where another session would write. Statements given as text pass."""

    # Not by the event `do_orm_execute`, which adds half to the time of a short query.
    execute = _refuse_dml(Session.execute)
    scalar = _refuse_dml(Session.scalar)  # type: ignore[assignment,arg-type]  # mypy cannot match its overloads
    scalars = _refuse_dml(Session.scalars)


@event.listens_for(ReadOnlySession, "before_flush")
def _refuse_flush(session: Session, *_context: object) -> None:
    if session.new or session.deleted or any(session.is_modified(row) for row in session.dirty):
        raise WriteRefused("rows were added, changed or deleted")


_sessions: sessionmaker[Session] | None = None
_open_units: ContextVar[int] = ContextVar("open_units", default=0)


class IOInsideTransaction(RuntimeError):
    """Network, hashing, a child process or a broadcast was attempted inside a unit of work."""


def connect(url: str) -> Engine:
    """Create the engine of all units of work; closes the connections of the previous one."""
    global _sessions  # noqa: PLW0603 - one process, one database
    if _sessions is not None:
        engine().dispose()
    made = make_sqlite_engine(url) if url.startswith("sqlite") else postgres.make_engine(url)
    _sessions = sessionmaker(made, expire_on_commit=False)
    return made


def engine() -> Engine:
    if _sessions is None:
        raise RuntimeError("the database is not connected yet")
    bind: Engine = _sessions.kw["bind"]
    return bind


@contextmanager
def unit_of_work(*, read_only: bool = False) -> Iterator[Session]:
    """One transaction: commits at the end, rolls back on an exception. Announced signals are
    dispatched after the commit. Raises WriteRefused if a `read_only` one writes.
    """
    if _sessions is None:
        raise RuntimeError("the database is not connected yet")
    token = _open_units.set(_open_units.get() + 1)
    session = ReadOnlySession(engine(), expire_on_commit=False) if read_only else _sessions()
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
    """Guard of all I/O: a database connection must not wait for a network, a hash or a child."""
    if runtime.enforce_io_guard and _open_units.get():
        raise IOInsideTransaction(f"{what} while a unit of work is open")


def get_or_create(
    session: Session, find: Callable[[], Row | None], make: Callable[[], Row]
) -> tuple[Row, bool]:
    """The row that `find` returns, else the one that `make` returns, and whether it was created.

    Safe against concurrent inserts: of two transactions that insert the same unique row, the second
    waits for the first at its savepoint and gets the row of the first.
    """
    found = find()
    if found is not None:
        return found, False
    made = make()
    try:
        insert_row(session, made)
    except IntegrityError:
        found = find()
        if found is None:  # another constraint refused it
            raise
        return found, False
    return made, True


def insert_row(session: Session, row: object) -> None:
    """INSERT in a savepoint: after an IntegrityError the transaction goes on without the row."""
    with session.begin_nested():
        session.add(row)


def insert_into(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that supports ON CONFLICT."""
    return sqlite.insert(table) if is_sqlite(session) else postgresql.insert(table)


def is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def make_sqlite_engine(url: str) -> Engine:
    address = make_url(url)
    path = address.database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    created = create_engine(
        address.set(drivername=sqlite_dialect.DRIVER),
        hide_parameters=True,  # parameters hold people's texts, and tracebacks are logged
        module=driver,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        connect_args={"check_same_thread": False, "timeout": LOCK_TIMEOUT_SECONDS},
    )
    event.listen(created, "connect", _prepare_sqlite)
    return created


def _prepare_sqlite(connection: driver.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins no transaction: the dialect does
    # TRUNCATE is as durable as DELETE and twice as fast: the directory entry stays.
    journal = "WAL" if driver.sqlite_version_info >= WAL_IS_SAFE_FROM else "TRUNCATE"
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute("PRAGMA synchronous = FULL")
