"""Outage log: repeated failures are logged once per outage."""

import structlog
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import OutOfMemoryError

from events.core.outages import log_recovery, log_repeated_failure


def test_an_outage_is_logged_at_its_start_change_and_end() -> None:
    with structlog.testing.capture_logs() as logged:
        for error in (
            RedisAway("gone"),
            RedisAway("gone"),
            OutOfMemoryError("full"),
            OutOfMemoryError("full"),
        ):
            log_repeated_failure("cannot look", error)
        log_recovery("cannot look")
        log_recovery("cannot look")
    told = [(line["event"], line.get("reason", "")) for line in logged]
    assert told == [
        ("cannot look", "it does not answer (gone)"),
        ("cannot look", "its memory is full"),
        ("cannot look: recovered", ""),
    ]
    assert all("exc_info" not in line for line in logged)


def test_a_bug_is_logged_each_time_with_its_traceback() -> None:
    with structlog.testing.capture_logs() as logged:
        for _ in range(2):
            log_repeated_failure("cannot look", ValueError("ours"))
    assert [type(line["exc_info"]) for line in logged] == [ValueError, ValueError]
