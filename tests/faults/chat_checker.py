"""Checker of chat under faults, as Jepsen does it: acknowledged ⊆ stored ⊆ tried, no duplicates, one order.

As Jepsen does it: acknowledged is a part of stored, stored is a part of tried, nothing stands there twice,
and everybody ends with the same lines in the same order.
"""

import threading
from dataclasses import dataclass, field

Heard = tuple[int, str, str]  # number in the room, id, words


@dataclass
class History:
    """Kept by any number of writers at once. Every message is tried until it is acknowledged or given up."""

    tried: dict[str, str] = field(default_factory=dict)  # words by client_id
    kept: dict[str, int] = field(default_factory=dict)  # number by client_id, as acknowledged
    refused: int = 0
    unanswered: int = 0  # sent, and the line was gone before the answer
    seconds: list[float] = field(default_factory=list)  # from sending to each acknowledgement
    faults: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note_try(self, client_id: str, words: str) -> None:
        with self._lock:
            self.tried[client_id] = words

    def note_kept(self, client_id: str, number: int, seconds: float) -> None:
        with self._lock:
            self.seconds.append(seconds)
            if self.kept.setdefault(client_id, number) != number:
                self.faults.append(f"{client_id} was given {self.kept[client_id]} and then {number}")

    def note_refused(self) -> None:
        with self._lock:
            self.refused += 1

    def note_unanswered(self) -> None:
        with self._lock:
            self.unanswered += 1

    def note_fault(self, what: str) -> None:
        with self._lock:
            self.faults.append(what)

    def slowest(self, share: float = 0.99) -> float:
        """Seconds within which this share of the acknowledgements came."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def find_faults(history: History, stored: list[Heard], logs: dict[str, list[Heard]]) -> list[str]:
    """Everything that contradicts the promise, in words; `logs` is what each listener ended with."""
    faults = list(history.faults)
    numbers = [number for number, _id, _words in stored]
    if numbers != list(range(1, len(numbers) + 1)):
        faults.append(f"the numbers of the room have gaps or repeat: {numbers}")
    at = {words: number for number, _id, words in stored}
    words_stored = [words for _number, _id, words in stored]
    for client_id, number in history.kept.items():
        if at.get(history.tried[client_id]) != number:
            faults.append(f"acknowledged as {number} and not stored so: {history.tried[client_id]}")
    for words in sorted(history.tried.values()):
        if words_stored.count(words) > 1:
            faults.append(f"stored twice: {words}")
    for name, log in logs.items():
        if log != stored[len(stored) - len(log) :]:
            faults.append(f"{name} ended with another log than the room: {_first_difference(log, stored)}")
    return faults


def _first_difference(log: list[Heard], stored: list[Heard]) -> str:
    expected = stored[len(stored) - len(log) :]
    for mine, theirs in zip(log, expected, strict=False):
        if mine != theirs:
            return f"{mine} instead of {theirs}"
    return f"{len(log)} lines instead of {len(stored)}"
