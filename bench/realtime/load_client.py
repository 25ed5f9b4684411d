"""Load generator: thousands of Socket.IO viewers on one event loop, each delivery checked by its number."""

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
from types import TracebackType
from typing import Any

from bench.realtime.viewer import Step, Viewer, answer_of, event, split, text, upgrade

MAX_CONNECTING = 256  # handshakes at the same time
READ_BYTES = 262_144
SOURCES = 8  # loopback source addresses; each has about 28,000 ephemeral ports
IP_BIND_ADDRESS_NO_PORT = 24  # Linux; the socket module has no name for it
RECONNECT_AFTER_SECONDS = (1.0, 3.0)  # as pages do
Hello = list[tuple[str, dict[str, object]]]
Answered = Callable[[Viewer, int, Any], None]


class LoadClient:
    """Viewers of one room. The first word of an entry's body is its due time on the monotonic clock."""

    def __init__(
        self, port: int, hello: Hello, *, origin: str = "", cookies: list[str] | None = None
    ) -> None:
        self.port, self.origin, self.cookies, self.hello = port, origin, cookies or [""], hello
        self.viewers: list[Viewer] = []
        self.on_answer: Answered = lambda _viewer, _number, _data: None
        self.reconnects = False  # whether a viewer that loses its connection connects again
        self.latencies: Counter[int] = Counter()  # deliveries by tenths of a millisecond
        self.deliveries = 0
        self.faults: Counter[str] = Counter()
        self._selector = selectors.EpollSelector()
        self._known: dict[bytes, tuple[int, int, list[float]]] = {}
        self._due: list[tuple[float, int, Viewer]] = []  # a heap, by due time
        self._turns = itertools.count()
        self._connecting = 0

    def __enter__(self) -> "LoadClient":
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def join(self, size: int, *, over: float = 0.0, patience: float = 60.0) -> float:
        """Add viewers, evenly over `over` seconds or as fast as they are accepted; returns the seconds."""
        began = time.monotonic()
        for number in range(size):
            cookie = self.cookies[number % len(self.cookies)]
            self.viewers.append(Viewer(cookie, began + over * number / size))
            self._schedule(self.viewers[-1], began + over * number / size)
        if not self.run_until(self.all_inside, over + patience):
            self.faults["never got in"] += sum(1 for one in self.viewers if one.step != Step.INSIDE)
        return time.monotonic() - began

    def all_inside(self) -> bool:
        return not self._due and not self._connecting and all(one.step == Step.INSIDE for one in self.viewers)

    def run(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.poll()

    def run_until(self, done: Callable[[], bool], patience: float) -> bool:
        end, looked = time.monotonic() + patience, 0.0
        while time.monotonic() < end:
            self.poll()
            if time.monotonic() - looked > 0.02:
                if done():
                    return True
                looked = time.monotonic()
        return done()

    def poll(self) -> None:
        while self._due and self._connecting < MAX_CONNECTING and self._due[0][0] <= time.monotonic():
            self._connect(heappop(self._due)[2])
        for key, _mask in self._selector.select(0.005):
            viewer: Viewer = key.data
            try:
                if viewer.step == Step.CONNECTING:
                    self._upgrade(viewer)
                else:
                    self._read(viewer)
            except (OSError, ValueError) as fault:
                self._disconnect(viewer, type(fault).__name__)

    def send(self, viewer: Viewer, name: str, data: object, number: int | None = None) -> None:
        with suppress(OSError):
            viewer.connection.send(event(name, data, number))

    def reset_counts(self) -> None:
        """Start a new measurement: latencies, deliveries and faults from zero."""
        self.latencies.clear()
        self.deliveries = 0
        self.faults.clear()

    def have_all(self, seq: int) -> bool:
        return all(
            one.next_seq is not None and one.next_seq > seq for one in self.viewers if one.step == Step.INSIDE
        )

    def latency(self, share: float) -> float:
        """Delivery latency in milliseconds at a quantile (0.99 for p99); NaN without deliveries."""
        left = share * sum(self.latencies.values())
        for tenths in sorted(self.latencies):
            left -= self.latencies[tenths]
            if left <= 0:
                return tenths / 10
        return float("nan")

    def close(self) -> None:
        for viewer in self.viewers:
            viewer.connection.close()
        self._selector.close()

    def _schedule(self, viewer: Viewer, moment: float) -> None:
        heappush(self._due, (moment, next(self._turns), viewer))

    def _connect(self, viewer: Viewer) -> None:
        viewer.connection = socket.socket()
        viewer.connection.setblocking(False)
        # Choose the port at connect: then only the four-tuple has to be free, not the local port.
        viewer.connection.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        viewer.connection.bind((f"127.0.0.{1 + next(self._turns) % SOURCES}", 0))
        viewer.step, viewer.buffer = Step.CONNECTING, b""
        self._connecting += 1
        code = viewer.connection.connect_ex(("127.0.0.1", self.port))
        self._selector.register(viewer.connection, selectors.EVENT_WRITE, viewer)
        if code not in {0, errno.EINPROGRESS}:
            self._disconnect(viewer, "refused")

    def _upgrade(self, viewer: Viewer) -> None:
        viewer.connection.sendall(upgrade(self.port, viewer.cookie, self.origin))
        viewer.step = Step.UPGRADING
        self._selector.modify(viewer.connection, selectors.EVENT_READ, viewer)

    def _read(self, viewer: Viewer) -> None:
        data = viewer.connection.recv(READ_BYTES)
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
            self._handle(viewer, payload)

    def _handle(self, viewer: Viewer, payload: bytes) -> None:
        if payload.startswith(b'42["chat.entries"'):
            self._check(viewer, payload)
        elif payload.startswith(b"43"):
            self._answered(viewer, payload)
        elif payload == b"2":
            viewer.connection.send(text("3"))
        elif payload.startswith(b"44"):
            self._retry_later(viewer, json.loads(payload[2:])["data"])
        elif payload.startswith(b"0"):
            viewer.connection.send(text("40"))
        elif payload.startswith(b"40"):
            viewer.step, viewer.awaited = Step.ENTERING, len(self.hello)
            for number, (name, data) in enumerate(self.hello):
                viewer.connection.send(event(name, data, number))
            if not self.hello:
                self._mark_joined(viewer)

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
            self._retry_later(viewer, data)
            return
        if isinstance(data, dict) and data.get("ok") is False:
            self.faults[f"refused: {data['error']}"] += 1
        if isinstance(data, dict) and "last_seq" in data:
            viewer.next_seq = data["last_seq"] + 1
        viewer.awaited -= 1
        if viewer.awaited <= 0:
            self._mark_joined(viewer)

    def _retry_later(self, viewer: Viewer, asked: dict[str, Any]) -> None:
        """Reconnect a little later than `retry_after` asks, as pages do."""
        self._connecting -= 1
        with suppress(KeyError, ValueError):
            self._selector.unregister(viewer.connection)
        viewer.connection.close()
        viewer.step = Step.GONE
        self.faults["asked to come back"] += 1
        self._schedule(viewer, time.monotonic() + asked["retry_after"] * random.uniform(1, 1.5))

    def _mark_joined(self, viewer: Viewer) -> None:
        viewer.step, viewer.joined_after = Step.INSIDE, time.monotonic() - viewer.began
        self._connecting -= 1

    def _disconnect(self, viewer: Viewer, why: str) -> None:
        if viewer.step < Step.INSIDE:
            self._connecting -= 1
        with suppress(KeyError, ValueError):
            self._selector.unregister(viewer.connection)
        viewer.connection.close()
        viewer.step = Step.GONE
        if self.reconnects:
            self.faults["came again"] += 1
            self._schedule(viewer, time.monotonic() + random.uniform(*RECONNECT_AFTER_SECONDS))
        else:
            self.faults[f"lost: {why}"] += 1
