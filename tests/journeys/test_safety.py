"""A real server under a hostile client, and a real browser shown what a hostile member types."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
import websocket
from playwright.sync_api import Browser, Dialog, Page

from events.seed.run import PASSWORD
from tests.support.http_and_socket_client import Line, Member
from tests.support.processes import Ontmoet
from tests.support.raw_socketio_client import ConnectionClosed, Raw

LIVE, CIRCLE = "/livestreams/demo-live", "/circles/bedrijvenkring-demo"
ROOM = "livestream:demo-live"
CLOSED_WITHIN = 2.0  # seconds, as promised for a sign-out
GROWS_BY = 30_000_000  # bytes; an attack that works takes hundreds of millions
PAYLOADS = (
    '"><img src=x onerror=alert(1)>', "</script><script>alert(2)</script>", "<svg/onload=alert(3)>",
    "' onmouseover=alert(4) autofocus onfocus=alert(4) '", "{{7*7}}${7*7}", "[a](javascript:alert(5))",
    "<iframe srcdoc='<script>alert(6)</script>'>", "javascript:alert(7)",
    "</textarea><script>alert(8)</script>",
)  # fmt: skip
REPORTS = """
window.reports = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.reports.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""


@pytest.fixture(scope="module")
def members(demo: Ontmoet) -> dict[str, Member]:
    return {name: Member(name, demo, PASSWORD) for name in ("anna", "bram", "olga")}


def raw_socket(demo: Ontmoet, cookie: str = "", origin: str | None = None) -> websocket.WebSocket:
    address = demo.url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    socket = websocket.create_connection(address, cookie=cookie, origin=origin or demo.url, timeout=10)
    assert str(socket.recv()).startswith("0")
    return socket


def memory(demo: Ontmoet) -> int:
    """Bytes that the serving process holds."""
    assert demo.process is not None
    minder = demo.process.pid
    (serving,) = Path(f"/proc/{minder}/task/{minder}/children").read_text().split()
    return int(Path(f"/proc/{serving}/statm").read_text().split()[1]) * 4096


def send_too_much(socket: websocket.WebSocket) -> None:
    """Frames beyond the bound, until the line is cut."""
    socket.send("40")
    for _ in range(50):
        socket.send('42["chat.post",{"body":"' + "x" * 200_000 + '"}]')
        socket.recv()


@pytest.mark.parametrize(
    "origin", ["https://evil.test", "null", "{url}.evil.test", "http://localhost", "{url}@evil.test"]
)
def test_another_origin_cannot_open_a_socket(demo: Ontmoet, origin: str) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        raw_socket(demo, origin=origin.format(url=demo.url))
    assert refused.value.status_code in {400, 403}


def test_long_polling_is_refused(demo: Ontmoet) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{demo.url}/socket.io/?EIO=4&transport=polling", timeout=10)  # noqa: S310 - our own address
    assert refused.value.code == 400
    refused.value.close()


def test_hostile_sockets_use_little_memory_and_disturb_no_one(
    demo: Ontmoet, members: dict[str, Member]
) -> None:
    """Announced attachments, binary, other namespaces, unreadable floods and frames beyond the bound."""
    flood = "45" + "9999999999-" + json.dumps(["chat.post", {"_placeholder": True, "num": 0}])
    packets: list[tuple[str | bytes, int]] = [
        (flood, websocket.ABNF.OPCODE_TEXT), (b"\x00" * 60_000, websocket.ABNF.OPCODE_BINARY),
        ("40/admin,", websocket.ABNF.OPCODE_TEXT), ('42["disconnect","x"]', websocket.ABNF.OPCODE_TEXT),
        ("42" + "[" * 50_000, websocket.ABNF.OPCODE_TEXT),
        ('42["a","' + "x" * 60_000 + '"]', websocket.ABNF.OPCODE_TEXT),
        ("4" + "[" * 50_000, websocket.ABNF.OPCODE_TEXT), ("4" + '{"a":' * 9_000, websocket.ABNF.OPCODE_TEXT),
        ("b" + "=" * 100, websocket.ABNF.OPCODE_TEXT), ("9", websocket.ABNF.OPCODE_TEXT),
        ("5", websocket.ABNF.OPCODE_TEXT), ("2probe", websocket.ABNF.OPCODE_TEXT),
    ]  # fmt: skip
    with members["bram"].line(demo) as bram:
        assert bram.send("chat.enter", room=ROOM)["ok"]
        before = memory(demo)
        for number in range(60):
            socket = raw_socket(demo)
            socket.send("40")
            with suppress(OSError, websocket.WebSocketException):  # the line is cut under it
                for turn in range(100):
                    socket.send(*packets[(number + turn) % len(packets)])
                while socket.recv():
                    pass
            socket.shutdown()  # type: ignore[no-untyped-call]  # as below
        huge = raw_socket(demo)
        with pytest.raises((OSError, websocket.WebSocketException)):
            send_too_much(huge)
        huge.shutdown()  # type: ignore[no-untyped-call]  # websocket-client ships no types for it
        assert memory(demo) - before < GROWS_BY
        sent = bram.send("chat.post", room=ROOM, client_id=uuid4().hex, body="Nog steeds hier")
        assert sent["ok"]
        assert not bram.closed
    assert "Traceback" not in demo.log()


def test_a_flood_of_websocket_fragments_does_not_slow_pages(demo: Ontmoet) -> None:
    """100,000 empty fragments once held the process for minutes, until gunicorn killed it."""
    flood = bytes((0x01, 0x80, 0, 0, 0, 0)) + bytes((0x00, 0x80, 0, 0, 0, 0)) * 100_000
    quiet = max(time_of_health(demo) for _ in range(10))
    with Raw(demo.port) as stranger:
        with suppress(ConnectionError):
            stranger.socket.sendall(flood)
        assert max(time_of_health(demo) for _ in range(5)) < 50 * quiet
        with pytest.raises(ConnectionClosed):
            stranger.text()


def time_of_health(demo: Ontmoet) -> float:
    began = time.monotonic()
    urllib.request.urlopen(f"{demo.url}/healthz", timeout=30).close()  # noqa: S310 - our own address
    return time.monotonic() - began


def test_signing_out_closes_the_socket_within_two_seconds(demo: Ontmoet) -> None:
    leaving = Member("chris", demo, PASSWORD)
    with leaving.line(demo) as line:
        assert line.send("chat.enter", room=ROOM)["ok"]
        leaving.post(demo, "/sign-out")
        began = time.monotonic()
        line.wait(lambda: line.closed, "the end of the socket", CLOSED_WITHIN)
        assert time.monotonic() - began <= CLOSED_WITHIN


def test_a_socket_without_rights_enters_no_room_of_members(demo: Ontmoet, members: dict[str, Member]) -> None:
    visitor = Line(demo, "")
    with visitor, members["olga"].line(demo) as olga, members["bram"].line(demo) as bram:
        for line in (visitor, olga):
            for frame in ("chat.enter", "chat.post"):
                ack = line.send(
                    frame,
                    room=ROOM,
                    **({"client_id": uuid4().hex, "body": "x"} if frame == "chat.post" else {}),
                )
                assert (ack["ok"], ack["status"]) == (False, 404)
            assert line.send("presence.enter", livestream="demo-live")["status"] == 404
        assert bram.send("chat.post", room=ROOM, client_id=uuid4().hex, body="Onder ons")["ok"]
        assert olga.send("chat.leave", room=ROOM)["ok"]  # everything that was on its way is there now
        assert olga.received("chat.entries") == visitor.received("chat.entries") == []


@pytest.fixture
def anna_looks(
    browser: Browser, demo: Ontmoet, members: dict[str, Member]
) -> Iterator[tuple[Page, list[str]]]:
    """Anna's browser, and all that it complains of."""
    context = browser.new_context(base_url=demo.url, locale="nl-NL")
    context.add_cookies(
        [{"name": one.name, "value": one.value or "", "url": demo.url} for one in members["anna"].cookies]
    )
    context.add_init_script(REPORTS)
    context.set_default_timeout(15_000)
    complaints: list[str] = []
    page = context.new_page()

    def complain_of_dialog(dialog: Dialog) -> None:
        complaints.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", complain_of_dialog)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield page, complaints
    context.close()


def test_hostile_member_input_is_rendered_as_text(
    demo: Ontmoet, members: dict[str, Member], anna_looks: tuple[Page, list[str]]
) -> None:
    bram, anna = members["bram"], members["anna"]
    page, complaints = anna_looks
    every = " ".join(PAYLOADS)
    bram.post(
        demo, "/me", page="/me", name=PAYLOADS[0], headline=PAYLOADS[1], company=PAYLOADS[2],
        languages="nl", zone="Europe/Amsterdam", locale="nl",
    )  # fmt: skip
    bram.post(
        demo, f"{CIRCLE}/me", page=f"{CIRCLE}/me", more_asks=PAYLOADS[2], more_offers=PAYLOADS[0], listed="1"
    )
    anna.post(
        demo, f"{CIRCLE}/livestreams/new", page=f"{CIRCLE}/livestreams/new", title=PAYLOADS[1],
        day="2031-05-01", hour="20:00", lead=PAYLOADS[3], description="\n\n".join(PAYLOADS),
        agenda=f"10 {PAYLOADS[2]}\n20 {PAYLOADS[0]}",
    )  # fmt: skip
    anna.post(demo, f"{LIVE}/polls", page=f"{LIVE}/desk", title=PAYLOADS[0], options="\n".join(PAYLOADS[1:4]))
    page.goto(LIVE)
    page.wait_for_function("() => document.querySelector('[data-module]')")
    with bram.line(demo) as line:
        assert line.send("chat.enter", room=ROOM)["ok"]
        for payload in (*PAYLOADS, f"{every} einde"):
            assert line.send("chat.post", room=ROOM, client_id=uuid4().hex, body=payload)["ok"]
            asked = {"client_id": uuid4().hex, "body": payload, "nameless": False}
            assert line.send("questions.ask", livestream="demo-live", **asked)["ok"]
    page.get_by_text("einde").first.wait_for(state="attached")
    seen = [
        LIVE,
        f"{LIVE}/desk",
        f"{CIRCLE}/members",
        f"{CIRCLE}/members?q=%22%3E%3Cimg",
        f"{CIRCLE}/topics",
        CIRCLE,
        "/livestreams",
        "/",
    ]
    for path in seen:
        page.goto(path)
        for link in ("javascript:", "data:"):
            assert page.locator(f"a[href^='{link}'], iframe[src^='{link}']").count() == 0
        assert (
            page.locator("img[src='x'], svg[onload], iframe[srcdoc], [onerror], [onmouseover]").count() == 0
        )
        assert page.evaluate("() => window.reports") == []
        assert "4949" not in page.content()
    assert complaints == []
