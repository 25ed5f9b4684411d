"""Thousands of viewers in one loop. Every entry is checked by number: none missing, doubled or early."""

import errno
import itertools
import json
import random
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from heapq import heappop, heappush
from typing import Any

from bench.live.viewer import Step, Viewer, answer_of, event, split, text, upgrade

IN_FLIGHT = 256  # coming in at once
READ = 262_144
SOURCES = 8  # loopback addresses that viewers come from: one of them has ports for some 28,000
IP_BIND_ADDRESS_NO_PORT = 24  # of Linux; the socket module does not name it
AGAIN = (1.0, 3.0)  # seconds until somebody who was cut off tries again, as pages do
Hello = list[tuple[str, dict[str, object]]]
Answered = Callable[[Viewer, int, Any], None]


class Crowd:
    """Viewers of one room. An entry names in the first word of its body when it was due, by the one clock."""

    def __init__(
        self, port: int, hello: Hello, *, origin: str = "", cookies: list[str] | None = None
    ) -> None:
        self.port, self.origin, self.cookies, self.hello = port, origin, cookies or [""], hello
        self.viewers: list[Viewer] = []
        self.on_answer: Answered = lambda _viewer, _number, _data: None
        self.comes_again = False  # whether who is cut off tries again
        self.latencies: Counter[int] = Counter()  # deliveries by tenths of a millisecond
        self.deliveries = 0
        self.faults: Counter[str] = Counter()
        self._selector = selectors.EpollSelector()
        self._known: dict[bytes, tuple[int, int, list[float]]] = {}
        self._coming: list[tuple[float, int, Viewer]] = []  # a heap: by the moment, then in turn
        self._turns = itertools.count()
        self._on_the_way = 0

    def join(self, size: int, *, over: float = 0.0, patience: float = 60.0) -> float:
        """Let so many more in, evenly over some seconds or as fast as they get in; the seconds it took."""
        began = time.monotonic()
        for number in range(size):
            cookie = self.cookies[number % len(self.cookies)]
            self.viewers.append(Viewer(cookie, began + over * number / size))
            self._expect(self.viewers[-1], began + over * number / size)
        if not self.run_until(self.all_inside, over + patience):
            self.faults["never got in"] += sum(1 for one in self.viewers if one.step != Step.INSIDE)
        return time.monotonic() - began

    def all_inside(self) -> bool:
        return (
            not self._coming and not self._on_the_way and all(one.step == Step.INSIDE for one in self.viewers)
        )

    def run(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.turn()

    def run_until(self, done: Callable[[], bool], patience: float) -> bool:
        end, looked = time.monotonic() + patience, 0.0
        while time.monotonic() < end:
            self.turn()
            if time.monotonic() - looked > 0.02:
                if done():
                    return True
                looked = time.monotonic()
        return done()

    def turn(self) -> None:
        while self._coming and self._on_the_way < IN_FLIGHT and self._coming[0][0] <= time.monotonic():
            self._connect(heappop(self._coming)[2])
        for key, _mask in self._selector.select(0.005):
            viewer: Viewer = key.data
            try:
                if viewer.step == Step.CONNECTING:
                    self._upgrade(viewer)
                else:
                    self._read(viewer)
            except (OSError, ValueError) as fault:
                self._lose(viewer, type(fault).__name__)

    def send(self, viewer: Viewer, name: str, data: object, number: int | None = None) -> None:
        with suppress(OSError):
            viewer.line.send(event(name, data, number))

    def forget(self) -> None:
        """Count anew from here."""
        self.latencies.clear()
        self.deliveries = 0
        self.faults.clear()

    def have_all(self, seq: int) -> bool:
        return all(
            one.next_seq is not None and one.next_seq > seq for one in self.viewers if one.step == Step.INSIDE
        )

    def latency(self, share: float) -> float:
        """The milliseconds within which that share of the deliveries came."""
        left = share * sum(self.latencies.values())
        for tenths in sorted(self.latencies):
            left -= self.latencies[tenths]
            if left <= 0:
                return tenths / 10
        return float("nan")

    def close(self) -> None:
        for viewer in self.viewers:
            viewer.line.close()
        self._selector.close()

    def _expect(self, viewer: Viewer, moment: float) -> None:
        heappush(self._coming, (moment, next(self._turns), viewer))

    def _connect(self, viewer: Viewer) -> None:
        viewer.line = socket.socket()
        viewer.line.setblocking(False)
        # The port is chosen at the connect, so that only the pair of addresses has to be free.
        viewer.line.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        viewer.line.bind((f"127.0.0.{1 + next(self._turns) % SOURCES}", 0))
        viewer.step, viewer.buffer = Step.CONNECTING, b""
        self._on_the_way += 1
        code = viewer.line.connect_ex(("127.0.0.1", self.port))
        self._selector.register(viewer.line, selectors.EVENT_WRITE, viewer)
        if code not in {0, errno.EINPROGRESS}:
            self._lose(viewer, "refused")

    def _upgrade(self, viewer: Viewer) -> None:
        viewer.line.sendall(upgrade(self.port, viewer.cookie, self.origin))
        viewer.step = Step.UPGRADING
        self._selector.modify(viewer.line, selectors.EVENT_READ, viewer)

    def _read(self, viewer: Viewer) -> None:
        data = viewer.line.recv(READ)
        if not data:
            raise ConnectionError
        viewer.buffer += data
        if viewer.step == Step.UPGRADING:
            head, found, rest = viewer.buffer.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head[:20]:
                raise ValueError(head[:60])
            viewer.step, viewer.buffer = Step.GREETING, rest
        payloads, viewer.buffer = split(viewer.buffer)
        for payload in payloads:
            self._take(viewer, payload)

    def _take(self, viewer: Viewer, payload: bytes) -> None:
        if payload.startswith(b'42["chat.entries"'):
            self._check(viewer, payload)
        elif payload.startswith(b"43"):
            self._answered(viewer, payload)
        elif payload == b"2":
            viewer.line.send(text("3"))
        elif payload.startswith(b"44"):
            self._come_back(viewer, json.loads(payload[2:])["data"])
        elif payload.startswith(b"0"):
            viewer.line.send(text("40"))
        elif payload.startswith(b"40"):
            viewer.step, viewer.awaited = Step.ENTERING, len(self.hello)
            for number, (name, data) in enumerate(self.hello):
                viewer.line.send(event(name, data, number))
            if not self.hello:
                self._let_in(viewer)

    def _check(self, viewer: Viewer, payload: bytes) -> None:
        if payload not in self._known:
            entries = json.loads(payload[2:])[1]["entries"]
            due = [float(entry["body"].split(" ", 1)[0]) for entry in entries]
            self._known[payload] = entries[0]["seq"], entries[-1]["seq"], due
        first, last, due = self._known[payload]
        if viewer.next_seq is not None and first != viewer.next_seq:
            self.faults["missing" if first > viewer.next_seq else "doubled"] += 1
        viewer.next_seq = last + 1
        now = time.monotonic()
        self.deliveries += len(due)
        for moment in due:
            self.latencies[int((now - moment) * 10_000)] += 1

    def _answered(self, viewer: Viewer, payload: bytes) -> None:
        number, data = answer_of(payload)
        if viewer.step != Step.ENTERING:
            self.on_answer(viewer, number, data)
            return
        if isinstance(data, dict) and "retry_after" in data:
            self._come_back(viewer, data)
            return
        if isinstance(data, dict) and data.get("ok") is False:
            self.faults[f"refused: {data['error']}"] += 1
        if isinstance(data, dict) and "last_seq" in data:
            viewer.next_seq = data["last_seq"] + 1
        viewer.awaited -= 1
        if viewer.awaited <= 0:
            self._let_in(viewer)

    def _come_back(self, viewer: Viewer, asked: dict[str, Any]) -> None:
        """Refused for a moment: comes again a little later than asked, as pages do."""
        self._on_the_way -= 1
        with suppress(KeyError, ValueError):
            self._selector.unregister(viewer.line)
        viewer.line.close()
        viewer.step = Step.GONE
        self.faults["asked to come back"] += 1
        self._expect(viewer, time.monotonic() + asked["retry_after"] * random.uniform(1, 1.5))

    def _let_in(self, viewer: Viewer) -> None:
        viewer.step, viewer.joined_after = Step.INSIDE, time.monotonic() - viewer.began
        self._on_the_way -= 1

    def _lose(self, viewer: Viewer, why: str) -> None:
        if viewer.step < Step.INSIDE:
            self._on_the_way -= 1
        with suppress(KeyError, ValueError):
            self._selector.unregister(viewer.line)
        viewer.line.close()
        viewer.step = Step.GONE
        if self.comes_again:
            self.faults["came again"] += 1
            self._expect(viewer, time.monotonic() + random.uniform(*AGAIN))
        else:
            self.faults[f"lost: {why}"] += 1
