"""Pace: at once when it is quiet, gathered when it is not, and never out of order."""

from collections.abc import Callable, Iterator

import pytest

from events.core import pace
from events.core.pace import TICK, Pace

Work = Callable[[], None]


@pytest.fixture
def later() -> Iterator[list[Work]]:
    """What was put off; a test calls it when the tick has passed."""
    put_off: list[Work] = []

    def put(seconds: float, work: Work) -> None:
        assert seconds == TICK
        put_off.append(work)

    pace.set_later(put)
    yield put_off
    pace._later = None


@pytest.fixture
def told() -> list[tuple[str, list[int]]]:
    return []


def test_in_a_quiet_room_each_is_told_at_once(
    later: list[Work], told: list[tuple[str, list[int]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: moment[0])
    stream = Pace[int](lambda key, things: told.append((key, things)))
    for number in range(3):
        stream.add("room", number)
        moment[0] += 0.11
    assert told == [("room", [0]), ("room", [1]), ("room", [2])]
    assert later == []


def test_in_a_busy_room_they_are_told_together_and_in_order(
    later: list[Work], told: list[tuple[str, list[int]]]
) -> None:
    stream = Pace[int](lambda key, things: told.append((key, things)))
    for number in range(20):
        stream.add("room", number)
    stream.add("another room", 99)
    assert told == [("room", [0]), ("another room", [99])]
    assert len(later) == 1
    later.pop()()
    assert told[2:] == [("room", list(range(1, 20)))]


def test_what_comes_while_one_is_told_waits_its_turn(
    later: list[Work], told: list[tuple[str, list[int]]]
) -> None:
    def tell(key: str, things: list[int]) -> None:
        if things == [1]:
            stream.add(key, 2)
            stream.add(key, 3)
        told.append((key, things))

    stream = Pace[int](tell)
    stream.add("room", 1)
    assert told == [("room", [1])]
    later.pop()()
    assert told == [("room", [1]), ("room", [2, 3])]
    assert later == []


def test_one_that_cannot_be_told_keeps_none_from_being_told(
    later: list[Work], told: list[tuple[str, list[int]]]
) -> None:
    def tell(key: str, things: list[int]) -> None:
        if things == [1]:
            stream.add(key, 2)
            raise RuntimeError("the database is busy")
        told.append((key, things))

    stream = Pace[int](tell)
    with pytest.raises(RuntimeError):
        stream.add("room", 1)
    later.pop()()
    assert told == [("room", [2])]
