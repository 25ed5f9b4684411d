"""Those who write and listen while things break: they behave as our pages do, and keep a history."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from uuid import uuid4

import websocket
from typing_extensions import override

from tests.faults.chat_checker import Heard, History, find_faults
from tests.support.http_and_socket_client import Closed, Line, Member
from tests.support.processes import Ontmoet

TIMEOUT_SECONDS = 60.0  # seconds until what should heal by itself counts as broken
AGAIN = (0.05, 0.4)  # seconds between two tries to connect, by chance
LOST = (Closed, OSError, websocket.WebSocketException, AssertionError)


@dataclass
class Room:
    """A room under test: its name, the address of its history, and the processes that serve it."""

    name: str
    page: str
    webs: list[Ontmoet]

    def read(self, member: Member) -> list[Heard]:
        """Everything that is stored, read over the page as somebody without a socket reads it."""
        found: list[Heard] = []
        while True:
            last = found[-1][0] if found else 0
            page = json.loads(member.get(self.webs[0], f"{self.page}/chat?after={last}"))
            found += [_heard(entry) for entry in page["entries"]]
            if not page["more"]:
                return found


class Person(threading.Thread):
    """Somebody with a socket that comes back by itself, to any of the processes, until told to stop."""

    def __init__(self, member: Member, room: Room, seed: int) -> None:
        super().__init__(daemon=True)
        self.member, self.room = member, room
        self.chance = random.Random(seed)  # noqa: S311 - not a secret
        self.told = threading.Event()
        self.died: BaseException | None = None

    @override
    def run(self) -> None:
        try:
            while not self.told.is_set():
                with suppress(*LOST), self.member.line(self.chance.choice(self.room.webs)) as line:
                    self.be_there(line)
                self.told.wait(self.chance.uniform(*AGAIN))
        except BaseException as fault:
            self.died = fault
            raise

    def be_there(self, line: Line) -> None:
        raise NotImplementedError

    def leave(self) -> None:
        self.told.set()
        self.join(TIMEOUT_SECONDS)
        assert not self.is_alive(), "somebody did not come back"
        assert self.died is None, self.died


class Writer(Person):
    """Posts one message after another; what has no answer is sent again under the same id."""

    def __init__(self, member: Member, room: Room, seed: int, history: History, pause: float) -> None:
        super().__init__(member, room, seed)
        self.history, self.pause = history, pause
        self.waiting: str | None = None

    @override
    def be_there(self, line: Line) -> None:
        while not (self.told.is_set() and self.waiting is None):
            if self.waiting is None:
                self.waiting = uuid4().hex
                self.history.note_try(self.waiting, f"{time.monotonic():.6f} {self.waiting}")
            began = time.monotonic()
            words = self.history.tried[self.waiting]
            try:
                ack = line.send("chat.post", room=self.room.name, client_id=self.waiting, body=words)
            except Closed:
                self.history.note_unanswered()
                raise
            if ack["ok"]:
                self.history.note_kept(self.waiting, ack["seq"], time.monotonic() - began)
                self.waiting = None
                self.told.wait(self.pause)
            elif "retry_after" in ack:
                self.history.note_refused()
                self.told.wait(min(1.0, ack["retry_after"]))
            else:
                self.history.note_fault(f"a dishonest refusal: {ack}")
                self.waiting = None


class Listener(Person):
    """Applies what is pushed only as the next number, else fetches; `log` is what its page would show."""

    def __init__(self, member: Member, room: Room, seed: int, last: int) -> None:
        super().__init__(member, room, seed)
        self.last = last
        self.log: list[Heard] = []

    @override
    def be_there(self, line: Line) -> None:
        self._catch_up(line)
        while not (self.told.is_set() or line.closed):
            for name, data in line.take("chat.entries", "room.beat"):
                if data["room"] != self.room.name:
                    continue
                entries = data.get("entries", [])
                behind = name == "room.beat" and data["last_seq"] > self.last
                if behind or not all(self._apply(entry) for entry in entries):
                    self._catch_up(line)
            line.rest(0.5)

    def _catch_up(self, line: Line) -> None:
        more = True
        while more:
            ack = line.send("chat.enter", room=self.room.name, after=self.last)
            if not ack["ok"]:
                raise Closed  # another try, a little later
            for entry in ack["entries"]:
                self._apply(entry)
            more = ack["more"]

    def _apply(self, entry: dict[str, object]) -> bool:
        """Whether it was the next one, or known already."""
        heard = _heard(entry)
        if heard[0] == self.last + 1:
            self.log.append(heard)
            self.last = heard[0]
        return heard[0] <= self.last


@contextmanager
def a_busy_room(
    room: Room, members: list[Member], *, seed: int, writers: int = 3, listeners: int = 3, pause: float = 0.02
) -> Iterator[History]:
    """Inside, people write and listen. Afterwards everyone is let finish, and the story must be true."""
    before = room.read(members[0])
    history, last = History(), before[-1][0] if before else 0
    print(f"seed {seed}")  # noqa: T201 - shown when it fails
    writing = [Writer(members[n % len(members)], room, seed + n, history, pause) for n in range(writers)]
    listening = [Listener(members[n % len(members)], room, ~seed - n, last) for n in range(listeners)]
    for person in [*writing, *listening]:
        person.start()
    try:
        yield history
    finally:
        for writer in writing:
            writer.leave()
        stored = room.read(members[0])
        for listener in listening:
            wait_until(lambda listener=listener: listener.last >= stored[-1][0], "the last line")  # type: ignore[misc]  # bound now
            listener.leave()
    assert len(history.kept) > 0, "nothing was acknowledged, so this showed nothing"
    logs = {f"listener {number}": listener.log for number, listener in enumerate(listening)}
    faults = find_faults(history, stored, logs)
    assert faults == [], "\n".join(faults[:20])


def wait_until(
    condition: Callable[[], bool], what: str, patience: float = TIMEOUT_SECONDS, *, every: float = 0.02
) -> float:
    """Look again and again; the seconds it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < patience, f"{what} did not come within {patience} s"
        time.sleep(every)
    return time.monotonic() - began


def _heard(entry: dict[str, object]) -> Heard:
    return int(str(entry["seq"])), str(entry["id"]), str(entry["body"])
