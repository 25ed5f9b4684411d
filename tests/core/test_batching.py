"""Adaptive batching: one item at a time while the loop keeps up, batches under load, order kept."""

from collections.abc import Callable

import pytest

from events.core.realtime.batching import MAX_FLUSH_SHARE, MAX_LOOP_LAG_SECONDS, TICK_SECONDS, Batcher
from events.core.runtime import runtime

Work = Callable[[], None]
Flushed = list[tuple[str, list[int]]]


class Time:
    """A monotonic clock that a test moves, the loop lag it reports, and the work put off to later."""

    def __init__(self) -> None:
        self.now, self.lag = 100.0, 0.0
        self.put_off: list[tuple[float, Work]] = []

    def later(self, seconds: float, work: Work) -> None:
        self.put_off.append((seconds, work))

    def pass_until_next(self) -> None:
        seconds, work = self.put_off.pop(0)
        self.now += seconds
        work()


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    monkeypatch.setattr("time.monotonic", lambda: made.now)
    monkeypatch.setattr(runtime, "call_later", made.later)
    monkeypatch.setattr(runtime, "loop_lag", lambda: made.lag)
    return made


@pytest.fixture
def flushed() -> Flushed:
    return []


def taking(seconds: float, time: Time, flushed: Flushed) -> Callable[[str, list[int]], None]:
    """A flush that takes so long."""

    def flush(key: str, items: list[int]) -> None:
        time.now += seconds
        flushed.append((key, items))

    return flush


def test_while_flushes_are_short_every_item_is_flushed_at_once(time: Time, flushed: Flushed) -> None:
    stream = Batcher(taking(0.005, time, flushed))
    for number in range(3):
        stream.add("room", number)
        time.now += 0.02
    assert flushed == [("room", [0]), ("room", [1]), ("room", [2])]
    assert time.put_off == []


def test_long_flushes_leave_most_of_the_time_to_others(time: Time, flushed: Flushed) -> None:
    stream = Batcher(taking(0.03, time, flushed))
    began = time.now
    for number in range(50):
        stream.add("room", number)
        while time.put_off and time.put_off[0][0] <= 0.01:
            time.pass_until_next()
        time.now += 0.01
        time.put_off = [(left - 0.01, work) for left, work in time.put_off]
    spent = 0.03 * len(flushed)
    assert spent <= MAX_FLUSH_SHARE * (time.now - began) + 0.03
    assert [number for _key, items in flushed for number in items] == list(range(flushed[-1][1][-1] + 1))


def test_a_room_with_long_flushes_does_not_hold_another_back(time: Time, flushed: Flushed) -> None:
    stream = Batcher(taking(0.03, time, flushed))
    for number in range(20):
        stream.add("large room", number)
    stream.add("small room", 99)
    assert flushed == [("large room", [0]), ("small room", [99])]
    assert len(time.put_off) == 1
    time.pass_until_next()
    assert flushed[2:] == [("large room", list(range(1, 20)))]


def test_while_the_loop_lags_items_are_gathered(time: Time, flushed: Flushed) -> None:
    stream = Batcher(taking(0.0, time, flushed))
    time.lag = 2 * MAX_LOOP_LAG_SECONDS
    for number in range(3):
        stream.add("room", number)
    assert flushed == []
    assert [seconds for seconds, _work in time.put_off] == [TICK_SECONDS]
    time.pass_until_next()
    assert flushed == [("room", [0, 1, 2])]


def test_a_minimum_interval_is_kept_however_short_the_flushes(time: Time, flushed: Flushed) -> None:
    stream = Batcher(taking(0.0, time, flushed), min_interval=TICK_SECONDS)
    for number in range(3):
        stream.add("all", number)
    assert flushed == [("all", [0])]
    time.pass_until_next()
    assert flushed[1:] == [("all", [1, 2])]


def test_items_added_during_a_flush_wait_for_the_next(time: Time, flushed: Flushed) -> None:
    def flush(key: str, items: list[int]) -> None:
        time.now += 0.01
        if items == [1]:
            stream.add(key, 2)
            stream.add(key, 3)
        flushed.append((key, items))

    stream = Batcher[int](flush)
    stream.add("room", 1)
    assert flushed == [("room", [1])]
    time.pass_until_next()
    assert flushed == [("room", [1]), ("room", [2, 3])]
    assert time.put_off == []


def test_a_failed_flush_does_not_stop_the_next(time: Time, flushed: Flushed) -> None:
    def flush(key: str, items: list[int]) -> None:
        time.now += 0.01
        if items == [1]:
            stream.add(key, 2)
            raise RuntimeError("the database is busy")
        flushed.append((key, items))

    stream = Batcher[int](flush)
    with pytest.raises(RuntimeError):
        stream.add("room", 1)
    time.pass_until_next()
    assert flushed == [("room", [2])]
