"""PostgreSQL with an end to all waiting: a server that neither answers nor refuses is one that is gone.

The limits that PostgreSQL keeps itself (`statement_timeout`) end with the process that keeps them, and TCP
sees nothing: the system of a frozen server still takes what it is sent.
"""

from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from typing_extensions import override

# One page may wait for each of these in turn; together they end before the proxy gives the page up.
CONNECT_WITHIN = 3  # seconds
CONNECTION_FREE_WITHIN = 3  # seconds, when all connections of this process are in use
STATEMENT_TIMEOUT_SECONDS = 8  # seconds; PostgreSQL ends it itself
LOCK_TIMEOUT_SECONDS = 5
ANSWER_WITHIN = 10.0  # when PostgreSQL should have ended it, and did not
PING_WITHIN = 2.0
_WAKE_EVERY = 0.1


class Connection(psycopg.Connection[Any]):
    """Closes itself when an answer does not come, so that nobody waits for it a second time."""

    patience = ANSWER_WITHIN

    @override
    def wait(self, gen: PQGen[RV], interval: float = _WAKE_EVERY, timeout: float | None = None) -> RV:
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError:
            if timeout is None and self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise

    def ping(self) -> None:
        """Whether somebody is there; a short question, so a short wait."""
        self.patience, self.autocommit = PING_WITHIN, True  # one way there and back, no transaction
        try:
            self.execute("SELECT 1")
            self.autocommit = False
        finally:
            del self.patience


def make_engine(url: str) -> Engine:
    limits = f"-c statement_timeout={STATEMENT_TIMEOUT_SECONDS}s -c lock_timeout={LOCK_TIMEOUT_SECONDS}s"
    created = create_engine(
        url,
        hide_parameters=True,  # they are people's words, and tracebacks are logged
        pool_size=10,
        max_overflow=10,
        pool_timeout=CONNECTION_FREE_WITHIN,
        connect_args={"connect_timeout": CONNECT_WITHIN, "options": limits},
    )
    event.listen(created, "do_connect", _connect)
    event.listen(created, "checkout", _ping)
    return created


def _connect(_dialect: Any, _record: Any, arguments: Any, named: Any) -> Connection:
    return Connection.connect(*arguments, **named)


def _ping(connection: Connection, _record: Any, _borrowed: Any) -> None:
    """Before each unit of work. When nobody answers, all connections that were made before are given up."""
    try:
        connection.ping()
    except psycopg.OperationalError:
        raise InvalidatePoolError from None
