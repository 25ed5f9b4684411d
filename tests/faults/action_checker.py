"""Checker of actions under faults: each thing ends as acknowledged last, or as tried since then.

Each thing has one person who sets it to one value after the other, and tries each until it is answered. So
what is stored is what was acknowledged last, or what was tried since then.
"""

import threading
from collections import Counter
from dataclasses import dataclass, field

Thing = tuple[str, ...]  # ("seat", coffee, person), ("place", person), ("state",)


@dataclass
class ActionHistory:
    """Kept by any number of people at once."""

    kept: dict[Thing, str] = field(default_factory=dict)  # acknowledged last
    since: dict[Thing, str] = field(default_factory=dict)  # being tried; nobody knows yet
    changes: Counter[Thing] = field(default_factory=Counter)  # acknowledged
    refused: int = 0
    unanswered: int = 0
    unavailable: int = 0  # an honest refusal, to be tried again
    faults: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note_try(self, thing: Thing, value: str) -> None:
        with self._lock:
            self.since[thing] = value

    def note_kept(self, thing: Thing, value: str) -> None:
        with self._lock:
            self.kept[thing] = value
            self.changes[thing] += 1
            self.since.pop(thing, None)

    def note_refused(self, thing: Thing) -> None:
        """For good: it stays as it was."""
        with self._lock:
            self.refused += 1
            self.since.pop(thing, None)

    def note_unanswered(self) -> None:
        with self._lock:
            self.unanswered += 1

    def note_unavailable(self) -> None:
        with self._lock:
            self.unavailable += 1

    def note_fault(self, what: str) -> None:
        with self._lock:
            self.faults.append(what)


@dataclass
class Stored:
    """What the database, the mailbox and the open pages say in the end."""

    values: dict[Thing, str]
    quarters: list[tuple[str, str]]  # (person, quarter) of every coffee that stands
    capacity: int
    steps: int  # how far the version of the state rose
    undone: list[str]  # jobs that are due, given up or held by nobody
    confirmed: set[tuple[str, str]]  # (coffee, person) of every coffee that stands
    told: set[tuple[str, str]]  # (coffee, person) of every mail that says so
    sent: set[str]  # Message-IDs of the mails that are said to have left
    named: set[str]  # those of all mails: one that left just before a kill may be dropped when tried again
    arrived: Counter[str]  # mails in the mailbox by Message-ID
    pages: dict[str, tuple[str, int]] = field(default_factory=dict)  # state and steps by open page


def find_faults(actions: ActionHistory, stored: Stored, kills: int) -> list[str]:
    """Everything that contradicts the promise, in words."""
    return [
        *actions.faults,
        *_values(actions, stored),
        *_bounds(stored),
        *_states(actions, stored),
        *find_work_faults(stored, kills),
    ]


def _values(actions: ActionHistory, stored: Stored) -> list[str]:
    return [
        f"{thing} was acknowledged as {kept} and is {stored.values.get(thing, 'absent')}"
        for thing, kept in actions.kept.items()
        if stored.values.get(thing, "absent") not in {kept, actions.since.get(thing)}
    ]


def _bounds(stored: Stored) -> list[str]:
    taken = Counter(stored.quarters)
    faults = [f"{who} is in two coffees at {when}" for (who, when), times in taken.items() if times > 1]
    coming = sum(1 for thing, value in stored.values.items() if thing[0] == "place" and value == "coming")
    return [*faults, f"{coming} places of {stored.capacity}"] if coming > stored.capacity else faults


def _states(actions: ActionHistory, stored: Stored) -> list[str]:
    changes, state = actions.changes[("state",)], stored.values[("state",)]
    faults = []
    if not changes <= stored.steps <= changes + (("state",) in actions.since):
        faults.append(f"{changes} changes of state were acknowledged, and the version rose by {stored.steps}")
    for name, page in stored.pages.items():
        if page != (state, stored.steps):
            faults.append(f"{name} ended in {page} and not in {(state, stored.steps)}")
    return faults


def find_work_faults(stored: Stored, kills: int) -> list[str]:
    """Jobs that are not done, and mails that are absent or doubled."""
    faults = [f"not done: {job}" for job in stored.undone]
    faults += [f"nobody told {who} that {coffee} stands" for coffee, who in stored.confirmed - stored.told]
    faults += [f"said to have left, and never arrived: {name}" for name in stored.sent - set(stored.arrived)]
    faults += [
        f"arrived under a name that nobody gave: {name}" for name in set(stored.arrived) - stored.named
    ]
    doubles = sum(stored.arrived.values()) - len(stored.arrived)
    return [*faults, f"{doubles} doubles after {kills} kills"] if doubles > kills else faults
