"""Hits counted over a moving window, in memory: the cost of a hit does not grow with the number of keys."""

import time
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable

MAX_FORGOTTEN = 2  # expired keys removed by each hit, so that none walks over all of them
Key = tuple[str, str]  # bucket, and who or what is counted in it


class MovingWindows:
    """Counts of one process. The storage in memory of `limits` walks over every key it has ever seen after
    nearly every hit: with ten thousand sockets a frame held the event loop for twenty milliseconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        # By rate (amount, seconds), the keys with the times of their hits. The key hit last is at the end, so
        # that of one rate the first is always the first to expire.
        self._keys: defaultdict[tuple[int, int], OrderedDict[Key, deque[float]]] = defaultdict(OrderedDict)

    def hit(self, amount: int, seconds: int, key: Key) -> bool:
        """Count a hit, unless there were `amount` within the last `seconds`."""
        now, keys = self._now(), self._keys[amount, seconds]
        times = keys.get(key)
        if times is None:
            self._forget_expired(keys, now - seconds)
            times = keys[key] = deque(maxlen=amount)
        elif len(times) == amount and times[0] >= now - seconds:
            return False
        times.append(now)
        keys.move_to_end(key)
        return True

    def reset(self) -> None:
        self._keys.clear()

    def __len__(self) -> int:
        return sum(len(keys) for keys in self._keys.values())

    @staticmethod
    def _forget_expired(keys: OrderedDict[Key, deque[float]], before: float) -> None:
        for _turn in range(MAX_FORGOTTEN):
            oldest = next(iter(keys), None)
            if oldest is None or keys[oldest][-1] >= before:
                return
            del keys[oldest]
