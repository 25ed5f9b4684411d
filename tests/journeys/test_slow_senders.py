"""A real process on SQLite under senders that take their time."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from events.seed.run import PASSWORD
from tests.support.http_and_socket_client import Member
from tests.support.processes import Ontmoet

KEEPALIVE_SECONDS = 30  # seconds; `keepalive` of deploy/gunicorn.conf.py
MANY_TIMES = 50  # slower than the slowest of a quiet moment: the machine may be busy with other things
BOUNDARY = "a-part-ends-here"


@pytest.fixture(scope="module")
def bram(demo: Ontmoet) -> Member:
    return Member("bram", demo, PASSWORD)


def time_of_page(demo: Ontmoet, member: Member) -> float:
    began = time.monotonic()
    member.get(demo, "/livestreams")
    return time.monotonic() - began


def head(demo: Ontmoet, member: Member, path: str, kind: str, length: int) -> bytes:
    """The head of a form of this member, with everything that lets it in."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', member.get(demo, "/me"))
    assert token is not None
    cookie = "; ".join(f"{one.name}={one.value}" for one in member.cookies)
    lines = [
        f"POST {path} HTTP/1.1", f"Host: localhost:{demo.port}", f"Cookie: {cookie}",
        f"X-CSRFToken: {token[1]}", f"Content-Type: {kind}", f"Content-Length: {length}", "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


@contextmanager
def sending(demo: Ontmoet, data: bytes) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", demo.port), timeout=30) as sender:
        sender.sendall(data)
        yield sender


@pytest.mark.parametrize(
    "kind",
    ["application/json", "application/x-www-form-urlencoded", f"multipart/form-data; boundary={BOUNDARY}"],
)
def test_an_incomplete_request_body_does_not_delay_other_pages(
    demo: Ontmoet, bram: Member, kind: str
) -> None:
    """It once held the only connection to the database, and everybody waited for half a minute."""
    dana = Member("dana", demo, PASSWORD)
    film = re.search(r"/recordings/\w+/progress", dana.get(demo, "/livestreams/demo-recorded"))
    assert film is not None
    quiet = max(time_of_page(demo, bram) for _ in range(5))
    with ExitStack() as senders:
        for path in (film[0], "/me", "/me/photo", "/theme"):
            senders.enter_context(sending(demo, head(demo, dana, path, kind, 100)))
            senders.enter_context(sending(demo, head(demo, dana, path, kind, 100) + b"{"))
        senders.enter_context(sending(demo, b"POST /me HTTP/1.1\r\nHost: localhost\r\nX-Half-A-Head: "))
        assert max(time_of_page(demo, bram) for _ in range(5)) < MANY_TIMES * quiet


HANDSHAKE = (
    "GET /socket.io/?EIO={version}&transport=websocket HTTP/1.1", "Host: localhost", "Upgrade: websocket",
    "Connection: Upgrade", "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==", "Sec-WebSocket-Version: {draft}",
    "Origin: {origin}", "", "",
)  # fmt: skip


@pytest.mark.parametrize(
    ("version", "draft", "origin"),
    [(4, 8, None), (3, 13, None), (4, 13, "https://elsewhere.example")],
    ids=["half a handshake", "an old protocol", "from another site"],
)
def test_a_refused_socket_is_closed_while_a_page_keeps_its_connection(
    demo: Ontmoet, version: int, draft: int, origin: str | None
) -> None:
    """Kept for half a minute, refused ones would use up the places and files of those who are let in."""
    words = "\r\n".join(HANDSHAKE).format(version=version, draft=draft, origin=origin or demo.url)
    page = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with sending(demo, page) as kept, sending(demo, words.encode()) as refused:
        assert kept.recv(4096).startswith(b"HTTP/1.1 200")
        refused.settimeout(KEEPALIVE_SECONDS / 2)
        answer = b""
        while more := refused.recv(4096):
            answer += more
        assert answer.startswith(b"HTTP/1.1 400")
        kept.sendall(page)
        assert kept.recv(4096), "no connection is kept, so this showed nothing"
