"""Keyed lock: first come, first served, with a timeout, and independent per key."""

import gevent
import pytest
from gevent.lock import BoundedSemaphore

from events.core.errors import RETRY_AFTER_SECONDS, Unavailable
from events.core.realtime import keyed_lock as locks
from events.core.realtime.keyed_lock import keyed_lock


@pytest.fixture(autouse=True)
def as_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the locks that gevent puts in the place of those for threads."""
    monkeypatch.setattr("threading.Lock", BoundedSemaphore)


def test_waiters_get_the_lock_in_order_of_arrival() -> None:
    order: list[int] = []

    def go(number: int) -> None:
        with keyed_lock("room:a"):
            gevent.sleep(0)
            order.append(number)

    gevent.joinall([gevent.spawn(go, number) for number in range(20)], raise_error=True)
    assert order == list(range(20))


def test_a_wait_over_the_timeout_raises_unavailable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(locks, "MAX_WAIT_SECONDS", 0.01)
    with keyed_lock("room:a"):
        refused = gevent.spawn(lambda: keyed_lock("room:a").__enter__())
        refused.join()
        assert isinstance(refused.exception, Unavailable)
        assert refused.exception.retry_after == RETRY_AFTER_SECONDS


def test_another_key_does_not_wait() -> None:
    with keyed_lock("room:a"), keyed_lock("room:b"), keyed_lock(None), keyed_lock(None):
        pass


def test_an_exception_releases_the_lock() -> None:
    with pytest.raises(ValueError, match="ours"), keyed_lock("room:a"):
        raise ValueError("ours")
    with keyed_lock("room:a"):
        pass


def test_an_idle_key_keeps_no_lock() -> None:
    with keyed_lock("room:a"):
        assert "room:a" in locks._locks
    gevent.sleep(0)
    assert "room:a" not in locks._locks
