"""What can happen to a process, and the check that nothing acknowledged was lost in it."""

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from tests.journeys.lines import PATIENCE, Closed, Line, Member
from tests.servers import Ontmoet


def kill(web: Ontmoet) -> None:
    """SIGKILL the process that serves and the one that minds it; nothing gets a chance to tidy up."""
    assert web.process is not None
    for pid in (web.process.pid, serving(web)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    web.process.wait()
    web.process = None


def serving(web: Ontmoet) -> int:
    """The process that serves, below the one that minds it."""
    assert web.process is not None
    minder = web.process.pid
    (child,) = Path(f"/proc/{minder}/task/{minder}/children").read_text().split()
    return int(child)


class Poster:
    """Posts one message after another and remembers what was tried and what was acknowledged."""

    def __init__(self, member: Member, room: str) -> None:
        self.member, self.room = member, room
        self.mark = uuid4().hex[:8]  # tells these messages from those of another test
        self.tried: dict[str, str] = {}  # body by client_id
        self.kept: dict[str, int] = {}  # seq by client_id, as acknowledged

    def post(self, line: Line, client_id: str) -> None:
        body = self.tried[client_id]
        ack = line.send("chat.post", room=self.room, client_id=client_id, body=body)
        assert ack["ok"], ack
        known = self.kept.setdefault(client_id, ack["seq"])
        assert known == ack["seq"], "a resend was given another number"

    @contextmanager
    def posting(self, web: Ontmoet, enough: int) -> Iterator[None]:
        """Inside, messages are on their way: the block begins once `enough` more are acknowledged."""
        ready = threading.Event()
        before = len(self.kept)

        def run() -> None:
            line = self.member.line(web)
            try:
                while True:
                    client_id = uuid4().hex
                    self.tried[client_id] = f"{self.mark} {len(self.tried)}"
                    self.post(line, client_id)
                    if len(self.kept) - before >= enough:
                        ready.set()
            except Closed:
                ready.set()
            finally:
                line.close()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        assert ready.wait(PATIENCE), "nothing was acknowledged"
        yield
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the socket outlived its server"

    def resend_all(self, web: Ontmoet) -> int:
        """Send everything again, as a client does that is unsure; how many had no answer before."""
        unsure = set(self.tried) - set(self.kept)
        with self.member.line(web) as line:
            for client_id in self.tried:
                self.post(line, client_id)
        return len(unsure)

    def check(self, web: Ontmoet, room_page: str) -> None:
        """Acknowledged = stored = tried, each once, in one order without gaps."""
        entries = read_history(lambda after: self.member.get(web, f"{room_page}/chat?after={after}"))
        numbers = [entry["seq"] for entry in entries]
        assert numbers == list(range(1, len(numbers) + 1)), "numbers have gaps or repeat"
        mine = [entry for entry in entries if str(entry["body"]).startswith(self.mark)]
        stored = {str(entry["body"]): entry["seq"] for entry in mine}
        assert len(stored) == len(mine), "a message stands there twice"
        assert stored == {self.tried[client_id]: seq for client_id, seq in self.kept.items()}


def read_history(ask: Callable[[int], str]) -> list[dict[str, str | int]]:
    entries: list[dict[str, str | int]] = []
    while True:
        last = entries[-1]["seq"] if entries else 0
        page = json.loads(ask(int(last)))
        entries += page["entries"]
        if not page["more"]:
            return entries
