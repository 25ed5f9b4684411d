"""Benchmark frames: `chat.entries` as the product sends it, at an even rate, each with its due time."""

import time
from collections.abc import Iterator
from typing import Any


class Clock:
    """An order to send `count` entries from number `first` on, `rate` a second."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._first, self._count, self._rate = order["first"], order["count"], order["rate"]
        self._began = time.monotonic()

    def numbers(self) -> Iterator[int]:
        return iter(range(self._first, self._first + self._count))

    def due(self, seq: int) -> float:
        return self._began + float(seq - self._first) / float(self._rate)

    def wait(self, seq: int) -> float:
        return max(0.0, self.due(seq) - time.monotonic())


def entries(order: dict[str, Any], seq: int, due: float) -> dict[str, Any]:
    """The payload of `chat.entries` with one posted line."""
    return {
        "room": order["room"],
        "entries": [
            {
                "seq": seq,
                "kind": "posted",
                "id": f"{seq:026d}",
                "author": {"id": "01KAXQ5ZJ0000000000000BRAM", "name": "Bram van Dijk"},
                "body": f"{due:.6f} Goed verhaal, hier kunnen wij morgen mee aan de slag.",
                "sent_at": "2026-11-25T20:00:00.123456+00:00",
                "client_id": "01KAXQ5ZJ0-client-000000000001",
            }
        ],
    }
