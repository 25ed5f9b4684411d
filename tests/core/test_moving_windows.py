"""Counts in memory: exact over a moving window, and what has expired is forgotten without long walks."""

from events.core import moving_windows
from events.core.moving_windows import MovingWindows


class Watch:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_the_window_moves_and_a_refused_hit_does_not_count() -> None:
    watch = Watch()
    windows = MovingWindows(watch)
    answers = []
    for watch.seconds in (0, 30, 59, 60.5, 61, 91):
        answers.append(windows.hit(2, 60, ("chat", "bram")))
    assert answers == [True, True, False, True, False, True]


def test_keys_buckets_and_rates_are_counted_apart() -> None:
    windows = MovingWindows(Watch())
    assert windows.hit(1, 60, ("chat", "bram"))
    assert windows.hit(1, 60, ("chat", "chris"))
    assert windows.hit(1, 60, ("poll", "bram"))
    assert windows.hit(1, 10, ("chat", "bram"))
    assert not windows.hit(1, 60, ("chat", "bram"))


def test_expired_keys_are_forgotten_a_few_at_a_time() -> None:
    """A hit that removed or looked at all of them would hold the loop longer the more sockets there were."""
    watch = Watch()
    windows = MovingWindows(watch)
    for number in range(1000):
        windows.hit(300, 60, ("frames", f"socket {number}"))
    watch.seconds = 61
    windows.hit(300, 60, ("frames", "a new one"))
    assert len(windows) == 1001 - moving_windows.MAX_FORGOTTEN
    for number in range(600):
        windows.hit(300, 60, ("frames", f"new {number}"))
    assert len(windows) == 601


def test_a_key_that_is_still_used_stays_and_does_not_hide_expired_ones() -> None:
    watch = Watch()
    windows = MovingWindows(watch)
    assert windows.hit(1, 60, ("chat", "anna"))
    assert windows.hit(2, 60, ("chat", "bram"))
    for number in range(20):
        windows.hit(2, 60, ("chat", f"member {number}"))
    watch.seconds = 50
    assert windows.hit(2, 60, ("chat", "bram"))
    watch.seconds = 70
    for number in range(20):
        windows.hit(2, 60, ("chat", f"later {number}"))
    watch.seconds = 100
    assert windows.hit(2, 60, ("chat", "bram"))
    assert not windows.hit(2, 60, ("chat", "bram"))
