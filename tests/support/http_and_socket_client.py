"""HTTP and websocket client of one person, for any process of the product."""

import itertools
import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import websocket

from tests.support.processes import Ontmoet

TIMEOUT_SECONDS = 15.0  # seconds until a frame that does not come counts as lost
Data = dict[str, Any]


class Closed(Exception):
    """The socket closed before the acknowledgement came."""


class Member:
    """Someone signed in with a form, as a browser does it; the cookie counts at every process."""

    def __init__(self, name: str, at: Ontmoet, password: str) -> None:
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        address = f"{name}@demo.test"
        landed = self.post(at, "/sign-in", page="/sign-in", email=address, password=password, how="password")
        assert not landed.endswith("/sign-in"), f"{name} could not sign in"

    def get(self, at: Ontmoet, path: str) -> str:
        with self._opener.open(at.url + path, timeout=TIMEOUT_SECONDS) as answer:
            return str(answer.read().decode())

    def post(self, at: Ontmoet, path: str, *, page: str = "/", **fields: str) -> str:
        """Post a form with the token of a page; the address where that ends."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(at, page))
        assert token is not None, f"{page} has no form"
        data = urllib.parse.urlencode({"csrf_token": token[1], **fields}).encode()
        answer: HTTPResponse
        with self._opener.open(at.url + path, data=data, timeout=TIMEOUT_SECONDS) as answer:
            return str(answer.geturl())

    def line(self, at: Ontmoet) -> "Line":
        cookie = "; ".join(f"{one.name}={one.value}" for one in self.cookies)
        return Line(at, cookie)


class Line:
    """One websocket: frames go out and are acknowledged, what is pushed is kept."""

    def __init__(self, at: Ontmoet, cookie: str) -> None:
        self.pushed: list[tuple[str, Data]] = []
        self.closed = False
        self._changed = threading.Condition()
        self._acks: dict[int, Data] = {}
        self._numbers = itertools.count()
        host = urlsplit(at.url).netloc
        address = f"ws://{host}/socket.io/?EIO=4&transport=websocket"
        self._socket = websocket.create_connection(
            address, cookie=cookie, origin=at.environment["PUBLIC_URL"], timeout=TIMEOUT_SECONDS
        )
        try:
            self._greet()
        except BaseException:
            self._socket.shutdown()  # type: ignore[no-untyped-call]  # nobody else would close it
            raise
        self._socket.settimeout(None)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, frame: str, **data: object) -> Data:
        """Send a frame and give its acknowledgement; Closed when the socket closes first."""
        number = next(self._numbers)
        try:
            self._socket.send(f"42{number}{json.dumps([frame, data])}")
        except (OSError, websocket.WebSocketException):
            raise Closed from None
        self.wait(lambda: number in self._acks or self.closed, f"the acknowledgement of {frame}")
        if number not in self._acks:
            raise Closed
        return self._acks[number]

    def received(self, name: str) -> list[Data]:
        with self._changed:
            return [data for pushed, data in self.pushed if pushed == name]

    def take(self, *names: str) -> list[tuple[str, Data]]:
        """What was pushed under these names since the last time, in order; the rest is forgotten."""
        with self._changed:
            pushed, self.pushed = self.pushed, []
        return [(name, data) for name, data in pushed if name in names]

    def rest(self, seconds: float) -> None:
        """Until something arrives, but no longer than this."""
        with self._changed:
            if not self.pushed and not self.closed:
                self._changed.wait(seconds)

    def await_frame(self, name: str, fits: Callable[[Data], bool], patience: float = TIMEOUT_SECONDS) -> Data:
        """The first pushed frame of this name that fits."""
        found: list[Data] = []

        def there() -> bool:
            found[:] = [data for pushed, data in self.pushed if pushed == name and fits(data)]
            return bool(found)

        self.wait(there, name, patience)
        return found[0]

    def wait(self, condition: Callable[[], bool], what: str, patience: float = TIMEOUT_SECONDS) -> None:
        """Until a condition on this line holds; looked at whenever something arrives."""
        deadline = time.monotonic() + patience
        with self._changed:
            while not condition():
                left = deadline - time.monotonic()
                assert left > 0, f"{what} did not come within {patience} s; pushed: {self.pushed[-5:]}"
                self._changed.wait(left)

    def close(self) -> None:
        with suppress(OSError, websocket.WebSocketException):
            self._socket.close(timeout=1)
        self._socket.shutdown()  # type: ignore[no-untyped-call]  # also when the other side was gone before
        self._reader.join(TIMEOUT_SECONDS)

    def _greet(self) -> None:
        assert str(self._socket.recv()).startswith("0")
        self._socket.send("40")
        assert str(self._socket.recv()).startswith("40")

    def _read(self) -> None:
        with suppress(OSError, websocket.WebSocketException):
            while packet := self._socket.recv():
                self._take(str(packet))
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def _take(self, packet: str) -> None:
        if packet == "2":
            self._socket.send("3")
            return
        kind, body = packet[:2], packet[2:]
        number = body[: len(body) - len(body.lstrip("0123456789"))]
        with self._changed:
            if kind == "42":
                name, *data = json.loads(body[len(number) :])
                self.pushed.append((name, data[0] if data else {}))
            elif kind == "43":
                self._acks[int(number)] = json.loads(body[len(number) :])[0]
            self._changed.notify_all()
