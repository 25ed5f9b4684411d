"""Rate limits: counted per key, with a truthful Retry-After, and safe while Redis is down."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from events.core import rate_limits
from events.core.errors import TooMany, Unavailable
from tests.support.processes import Redis, free_port


@pytest.fixture(autouse=True)
def _off_again() -> Iterator[None]:
    yield
    rate_limits.configure(None, enabled=False)


def test_over_the_rate_the_error_says_when_to_retry() -> None:
    rate_limits.configure(None, enabled=True)
    for _ in range(3):
        rate_limits.hit("chat", "bram", "3 per minute")
    with pytest.raises(TooMany) as refused:
        rate_limits.hit("chat", "bram", "3 per minute")
    assert refused.value.retry_after == 60
    rate_limits.hit("chat", "chris", "3 per minute")
    rate_limits.reset()
    rate_limits.hit("chat", "bram", "3 per minute")


def test_while_redis_is_down_guessing_limits_fail_closed() -> None:
    rate_limits.configure(f"redis://127.0.0.1:{free_port()}/0", enabled=True)
    rate_limits.hit("chat", "bram", "3 per minute")
    for bucket in rate_limits.FAIL_CLOSED:
        with pytest.raises(Unavailable):
            rate_limits.hit(bucket, "bram", "3 per minute")


def test_while_redis_is_down_each_process_counts_locally() -> None:
    rate_limits.configure(f"redis://127.0.0.1:{free_port()}/0", enabled=True)
    for _ in range(3):
        rate_limits.hit("chat", "bram", "3 per minute")
    with pytest.raises(TooMany):
        rate_limits.hit("chat", "bram", "3 per minute")
    rate_limits.hit("chat", "chris", "3 per minute")


def test_a_frozen_redis_delays_one_request_only(tmp_path: Path) -> None:
    messenger = Redis(tmp_path)
    messenger.start()
    try:
        rate_limits.configure(messenger.url, enabled=True)
        rate_limits.hit("chat", "bram", "3 per minute")
        messenger.send(signal.SIGSTOP)
        began = time.monotonic()
        for number in range(20):
            rate_limits.hit("chat", f"member {number}", "3 per minute")
        assert time.monotonic() - began < 1
    finally:
        messenger.stop()


def test_a_network_is_counted_once_and_a_site_has_more_room() -> None:
    rate_limits.configure(None, enabled=True)
    for number in range(3):
        rate_limits.hit_network("links", f"2001:db8:5:6::{number}", "3 per minute")
    with pytest.raises(TooMany):
        rate_limits.hit_network("links", "2001:db8:5:6::ffff", "3 per minute")
    for network in range(9):  # eight more fill what the site has left, next to the one refused above
        rate_limits.hit_network("links", f"2001:db8:5:{network:x}{network:x}::1", "3 per minute")
    with pytest.raises(TooMany):
        rate_limits.hit_network("links", "2001:db8:5:abcd::1", "3 per minute")
    rate_limits.hit_network("links", "2001:db8:7::1", "3 per minute")
    rate_limits.hit_network("links", "203.0.113.7", "3 per minute")
