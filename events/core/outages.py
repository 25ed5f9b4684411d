"""Classification of database and Redis errors: outages (unreachable, full, read-only) or bugs.

An outage makes pages and frames answer 503 with Retry-After, postpones jobs for days and takes one
log line.
"""

import psycopg
import structlog
from redis.exceptions import AuthenticationError, OutOfMemoryError, ReadOnlyError, RedisError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from events.core.sqlite_driver import sqlite as driver

log = structlog.get_logger()
_noted: dict[str, str] = {}  # last reason logged for each event whose outage lasts
_BY_STATE = {  # by SQLSTATE; the longest prefix wins
    "53100": "its disk is full",
    "53300": "it has no connection left",
    "53": "it is out of resources",
    "25006": "it is read-only",
    "08": "the connection broke",
    "57P": "it is shutting down or starting",
    "57014": "a statement took too long",
    "55P03": "a lock was not free in time",
    "40": "others changed the same rows",
    "58030": "its disk cannot be read or written",
}
_BY_SQLITE = {
    driver.SQLITE_FULL: "its disk is full",
    driver.SQLITE_READONLY: "it is read-only",
    driver.SQLITE_IOERR: "its disk cannot be read or written",
    driver.SQLITE_CANTOPEN: "its file cannot be opened",
    driver.SQLITE_BUSY: "another process holds it",
    driver.SQLITE_LOCKED: "another process holds it",
}
_NO_SPACE = (
    "no space left",
    "could not extend file",
    "disk full",
)  # PostgreSQL reports these under several SQLSTATEs


def database_outage(error: BaseException) -> str | None:
    """Reason why the database is unusable, as the end of a sentence; None when it is no outage."""
    if isinstance(error, PoolTimeout):
        return "all connections are in use"
    if not isinstance(error, DBAPIError):
        return None
    cause = error.orig
    if isinstance(cause, driver.OperationalError):
        # An error without one of these codes is a bug in a statement.
        return _BY_SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    if not isinstance(cause, psycopg.Error):
        return None
    if any(words in str(cause).lower() for words in _NO_SPACE):
        return _BY_STATE["53100"]
    state = cause.sqlstate
    if state is None:  # raised by libpq itself: no server answered
        return "it does not answer" if isinstance(cause, psycopg.OperationalError) else None
    return next((_BY_STATE[state[:n]] for n in (5, 3, 2) if state[:n] in _BY_STATE), None)


def redis_outage(error: RedisError) -> str:
    """Reason why Redis is unusable, as the end of a sentence."""
    words = str(error)
    if isinstance(error, OutOfMemoryError) or "OOM" in words or "maxmemory" in words:
        return "its memory is full"
    if isinstance(error, ReadOnlyError) or "READONLY" in words:
        return "it is read-only"
    if "MISCONF" in words or "No space left" in words:
        return "it cannot write to its disk"
    if isinstance(error, AuthenticationError) or "NOAUTH" in words or "WRONGPASS" in words:
        return "it does not accept our password"
    return f"it does not answer ({words[:120]})" if words else "it does not answer"


def is_outage(error: BaseException) -> bool:
    return isinstance(error, RedisError) or database_outage(error) is not None


def log_repeated_failure(event: str, error: Exception, **more: object) -> None:
    """Log a failure of work that is retried every few seconds.

    An outage gets one line when it begins; any other error is a bug and gets a traceback each time.
    """
    reason = redis_outage(error) if isinstance(error, RedisError) else database_outage(error)
    if reason is None:
        log.error(event, exc_info=error, **more)
    elif _noted.get(event) != reason:
        _noted[event] = reason
        log.warning(event, reason=reason, **more)


def log_recovery(event: str) -> None:
    """Log once that work which failed with `event` succeeds again."""
    if _noted.pop(event, None) is not None:
        log.info(f"{event}: recovered")
