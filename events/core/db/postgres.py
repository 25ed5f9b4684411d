"""PostgreSQL engine with client-side timeouts for a server that accepts data but never answers.

`statement_timeout` ends with the server process that keeps it, and TCP notices nothing while the
kernel of a frozen server still acknowledges.
"""

from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from typing_extensions import override

# One page may wait for each of these in turn; their sum is below the proxy's timeout.
CONNECT_TIMEOUT_SECONDS = 3
POOL_TIMEOUT_SECONDS = 3  # when all connections of this process are in use
STATEMENT_TIMEOUT_SECONDS = 8  # kept by PostgreSQL
LOCK_TIMEOUT_SECONDS = 5
RESPONSE_TIMEOUT_SECONDS = 10.0  # kept by the client, for when PostgreSQL did not end it
PING_TIMEOUT_SECONDS = 2.0
_POLL_INTERVAL_SECONDS = 0.1


class Connection(psycopg.Connection[Any]):
    """Connection that closes itself when a response times out, so that no caller waits on it again."""

    response_timeout = RESPONSE_TIMEOUT_SECONDS

    @override
    def wait(
        self, gen: PQGen[RV], interval: float = _POLL_INTERVAL_SECONDS, timeout: float | None = None
    ) -> RV:
        try:
            return super().wait(gen, interval, self.response_timeout if timeout is None else timeout)
        except psycopg.OperationalError:
            if timeout is None and self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise

    def ping(self) -> None:
        """Check with a short timeout that the server answers."""
        self.response_timeout, self.autocommit = PING_TIMEOUT_SECONDS, True  # one round trip, no transaction
        try:
            self.execute("SELECT 1")
            self.autocommit = False
        finally:
            del self.response_timeout


def make_engine(url: str) -> Engine:
    limits = f"-c statement_timeout={STATEMENT_TIMEOUT_SECONDS}s -c lock_timeout={LOCK_TIMEOUT_SECONDS}s"
    created = create_engine(
        url,
        hide_parameters=True,  # parameters hold people's texts, and tracebacks are logged
        pool_size=10,
        max_overflow=10,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_SECONDS, "options": limits},
    )
    event.listen(created, "do_connect", _connect)
    event.listen(created, "checkout", _ping)
    return created


def _connect(_dialect: Any, _record: Any, arguments: Any, named: Any) -> Connection:
    return Connection.connect(*arguments, **named)


def _ping(connection: Connection, _record: Any, _borrowed: Any) -> None:
    """Ping before each unit of work; on failure discard the whole pool."""
    try:
        connection.ping()
    except psycopg.OperationalError:
        raise InvalidatePoolError from None
