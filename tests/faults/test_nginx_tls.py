"""deploy/nginx.conf as it is shipped, with TLS, HTTP/2 and IPv6, in front of one process in production."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.support.chromium import launch
from tests.support.nginx_server import BUNDLED, INSTALLED, Nginx, nginx
from tests.support.postgres_server import make_certificate
from tests.support.processes import Ontmoet, free_port

NAME = "ontmoet.example"
SOCKETS = 2  # of one network
PRODUCTION = {
    "SECRET_KEY": "a-secret-of-our-own-that-is-long-enough",
    "MAIL_URL": "smtp://127.0.0.1:1",
    "MAIL_FROM": "koffie@ontmoet.example",
    "LIMITS": "on",
    "SOCKETS_PER_ADDRESS": str(SOCKETS),
}
HANDSHAKE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", f"Host: {NAME}", "Upgrade: websocket",
    "Connection: Upgrade", "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==", "Sec-WebSocket-Version: 13",
)  # fmt: skip
PROGRAMS = [
    pytest.param(BUNDLED, id="newest nginx"),
    pytest.param(
        Path(INSTALLED or ""),
        id="nginx of this system",
        marks=pytest.mark.skipif(INSTALLED is None, reason="no nginx is installed"),
    ),
]
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6"),
]


@dataclass
class Front:
    """What people see of the installation; `web` is the process behind it."""

    proxy: Nginx
    web: Ontmoet

    @property
    def origin(self) -> str:
        return f"https://{NAME}:{self.proxy.port}"

    def connect(self, address: str, *protocols: str) -> ssl.SSLSocket:
        """TLS to nginx over this address of loopback, which is also where we come from."""
        context = ssl.create_default_context(cafile=str(self.proxy.home.parent / "tls.crt"))
        context.set_alpn_protocols(protocols or ("http/1.1",))
        plain = socket.create_connection((address, self.proxy.port), timeout=15, source_address=(address, 0))
        return context.wrap_socket(plain, server_hostname=NAME)

    def handshake(self, address: str, *more: str) -> ssl.SSLSocket:
        line = self.connect(address)
        head = "\r\n".join([*HANDSHAKE, f"Origin: {self.origin}", *more, "", ""])
        line.sendall(head.encode())
        return line


@pytest.fixture(scope="module", params=PROGRAMS)
def front(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    home, port = tmp_path_factory.mktemp("front"), free_port()
    certificate = make_certificate(home, NAME)
    (home / "web").mkdir()
    web = Ontmoet(home / "web", app="wsgi:app", PUBLIC_URL=f"https://{NAME}:{port}", **PRODUCTION)
    web.flask("prepare")
    web.start()
    try:
        with nginx(
            home / "nginx", [web], port, name=NAME, certificate=certificate, program=request.param
        ) as proxy:
            yield Front(proxy, web)
    finally:
        web.end()


def first_line(line: ssl.SSLSocket) -> str:
    return line.recv(4096).decode("latin-1").partition("\r\n")[0]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_http2_is_offered_and_http1_answered_on_both_kinds_of_address(front: Front, address: str) -> None:
    with front.connect(address, "h2", "http/1.1") as line:
        assert line.selected_alpn_protocol() == "h2"
    with front.connect(address) as line:
        line.sendall(f"GET /sign-in HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
        assert first_line(line) == "HTTP/1.1 200 OK"


def test_a_browser_gets_pages_and_files_by_http2_and_its_socket(front: Front) -> None:
    protocols = """() => performance.getEntriesByType('resource').filter(one => one.name.includes('/static/'))
        .concat(performance.getEntriesByType('navigation')).map(one => one.nextHopProtocol)"""
    opened = """() => new Promise(heard => {
        const socket = new WebSocket(`wss://${location.host}/socket.io/?EIO=4&transport=websocket`);
        socket.onmessage = event => { heard(event.data); socket.close(); };
        socket.onerror = () => heard('refused'); })"""
    with sync_playwright() as playwright:
        browser = launch(playwright, f"--host-resolver-rules=MAP {NAME} 127.0.0.1")
        page = browser.new_context(ignore_https_errors=True).new_page()
        page.goto(f"{front.origin}/sign-in")
        spoken, said = page.evaluate(protocols), page.evaluate(opened)
        browser.close()
    assert len(spoken) > 3, "a page without files shows nothing"
    assert set(spoken) == {"h2"}
    assert said.startswith('0{"sid"')


def test_sockets_are_counted_by_the_address_that_nginx_saw(front: Front) -> None:
    forged = ("X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: 2001:db8::1")
    held = [front.handshake("::1", word) for word in forged]
    assert [first_line(line)[:12] for line in held] == ["HTTP/1.1 101"] * SOCKETS
    with front.handshake("::1", *forged) as one_more, front.handshake("127.0.0.1") as another:
        assert first_line(one_more).startswith("HTTP/1.1 429")
        assert first_line(another).startswith("HTTP/1.1 101"), "everybody counts as one"
    for line in held:
        line.close()


@pytest.mark.parametrize(
    ("size", "answer"), [(9 * 1024 * 1024 + 1, "413"), (9 * 1024 * 1024 - 1, "passed on")]
)
def test_a_body_is_bounded_by_nginx_where_ontmoet_bounds_it(front: Front, size: int, answer: str) -> None:
    head = f"POST /sign-in HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: {size}\r\n\r\n"
    with front.connect("127.0.0.1") as line:
        line.sendall(head.encode())
        if answer == "413":
            said = line.recv(4096).decode("latin-1")
            assert "Server: nginx" in said
        else:
            line.sendall(b"x" * size)
            said = line.recv(4096).decode("latin-1")
            assert "X-Request-Id" in said, "Ontmoet itself did not answer"


def test_plain_http_over_ipv6_is_sent_on_to_the_name_that_is_written_out(front: Front) -> None:
    with socket.create_connection(("::1", front.proxy.plain_port), timeout=15) as line:
        line.sendall(b"GET /livestreams HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n")
        said = line.recv(4096).decode("latin-1")
    assert said.startswith("HTTP/1.1 301")
    assert f"Location: https://{NAME}/livestreams\r\n" in said


def test_files_come_compressed(front: Front) -> None:
    with front.connect("127.0.0.1") as line:
        line.sendall(
            f"GET /static/css/tokens.css HTTP/1.1\r\nHost: {NAME}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        )
        said = line.recv(4096).decode("latin-1")
    assert "Content-Encoding: gzip" in said
    assert "Strict-Transport-Security: max-age=31536000" in said
