"""SSRF-safe fetch: refused addresses, and a misbehaving server."""

import gzip
import socket
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from events.core.db.session import IOInsideTransaction, unit_of_work
from events.core.network.safe_fetch import MAX_BYTES, FetchFailed, fetch, is_public, read_address
from tests.support.scripted_http_server import HEAD, Hostile, Script, content, says

tried: list[object] = []  # every address that a socket was told to connect to
_watching = threading.Event()


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event != "socket.connect" or not _watching.is_set():
        return
    tried.append(arguments[1])
    place = arguments[1]
    if isinstance(place, tuple) and place[0] != "127.0.0.1":
        raise OSError("no test talks to the internet")


sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def _every_connection() -> Iterator[None]:
    tried.clear()
    _watching.set()
    yield
    _watching.clear()


def redirect(location: str, code: int = 302) -> Script:
    return says(f"HTTP/1.1 {code} Away\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())


def drips(head: bytes, drop: bytes) -> Script:
    def drip(opened: socket.socket) -> None:
        opened.sendall(head)
        for _ in range(2000):
            opened.sendall(drop)
            threading.Event().wait(0.02)

    return drip


def why(hostile: Hostile, address: str, script: Script | None = None, *, patience: float = 5.0) -> str:
    if script is not None:
        hostile.scripts[read_address(address).path] = script
    with pytest.raises(FetchFailed) as failed:
        fetch(address, host_overrides=hostile.host_overrides, patience=patience)
    assert address not in str(failed.value)
    return failed.value.code


def test_a_file_is_fetched_from_where_its_name_leads(hostile: Hostile) -> None:
    hostile.scripts["/a.ics?b=c"] = content(b"BEGIN:VCALENDAR")
    assert (
        fetch("http://kalender.test/a.ics?b=c#d", host_overrides=hostile.host_overrides) == b"BEGIN:VCALENDAR"
    )
    (asked,) = hostile.heard
    assert b"GET /a.ics?b=c HTTP/1.1\r\nHost: kalender.test\r\n" in asked
    assert b"Cookie" not in asked


def test_a_packed_file_is_unpacked(hostile: Hostile) -> None:
    hostile.scripts["/"] = content(gzip.compress(b"x" * 5000), b"Content-Encoding: gzip")
    assert fetch("http://kalender.test", host_overrides=hostile.host_overrides) == b"x" * 5000


def test_redirects_are_followed_three_times_and_no_further(hostile: Hostile) -> None:
    hostile.scripts |= {f"/{hop}": redirect(f"/{hop + 1}") for hop in range(4)} | {"/4": content(b"end")}
    assert fetch("http://kalender.test/1", host_overrides=hostile.host_overrides) == b"end"
    assert why(hostile, "http://kalender.test/0") == "too_many_redirects"


@pytest.mark.parametrize(
    "address",
    [
        "ftp://kalender.test/", "file:///etc/passwd", "gopher://kalender.test/", "//kalender.test/",
        "kalender.test",
        "javascript:alert(1)", "data:text/calendar,x", "http://", "http:///a", "https:kalender.test", "",
        "http://kalender.test:22/", "http://kalender.test:6379/", "http://kalender.test:8080/",
        "http://kalender.test:99999/", "http://kalender.test:x/", "http://kalender.test:0/",
        "http://anna@kalender.test/", "http://a:b@kalender.test/", "http://kalender.test@127.0.0.1/",
        "http://127.0.0.1\\@kalender.test/", "http:\\\\127.0.0.1/", "http://kalender.test\\.evil.test/",
        "http://kalender.test/\r\nHost: evil", "http://kalender.test/ a", "http://kalender.test/\x00",
        "http://kalender.test\t/", "http://kälender.test/", "http://[fe80::1%25eth0]/", "http://[::1/",
        "http://kalender.test/" + "a" * 2000, "http://%31%32%37.0.0.1/",
    ],
)  # fmt: skip
def test_an_address_that_could_be_read_in_two_ways_is_refused(address: str) -> None:
    with pytest.raises(FetchFailed, match=r"address_(unusable|port)"):
        fetch(address)
    assert tried == []


PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "192.88.99.1", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1",
    "2001::1", "2001:db8::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "100::1",
    "nonsense", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_inside_is_never_connected_to(address: str) -> None:
    assert not is_public(address)
    for found in ([address], ["8.8.8.8", address]):
        with pytest.raises(FetchFailed, match="host_unknown"):
            fetch("https://kalender.test/", resolve=lambda _host, _port, found=found: found)  # type: ignore[misc]  # bound here
    assert tried == []


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "11.0.0.1"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "[::1]", "0"]
)
def test_this_machine_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(FetchFailed) as failed:
        fetch(f"http://{host}/")
    assert failed.value.code in {"host_unknown"}
    assert tried == []


def test_a_name_is_resolved_once_against_dns_rebinding() -> None:
    answers = iter([["8.8.8.8"], ["127.0.0.1"], ["127.0.0.1"]])
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    with pytest.raises(FetchFailed, match="unreachable"):
        fetch("http://kalender.test/", resolve=rebinding)
    assert asked == ["kalender.test"]
    assert tried == [("8.8.8.8", 80)]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/", "http://0x7f000001/", "//127.0.0.1/",
    ],
)  # fmt: skip
def test_a_redirect_inside_is_not_followed(hostile: Hostile, location: str) -> None:
    assert why(hostile, "http://kalender.test/", redirect(location)) in {"host_unknown"}
    assert tried == [("127.0.0.1", hostile.port)]


@pytest.mark.parametrize(
    "location",
    ["ftp://kalender.test/", "file:///etc/passwd", "http://a@kalender.test/", "http:\\\\127.0.0.1/",
     "http://kalender.test:22/", "http://kalender.test/a b"],
)  # fmt: skip
def test_a_redirect_is_read_as_strictly_as_what_was_typed(hostile: Hostile, location: str) -> None:
    assert why(hostile, "http://kalender.test/", redirect(location)) in {"address_unusable", "address_port"}
    assert len(tried) == 1


def test_the_internal_canary_records_connections() -> None:
    """The negative control: what the watch over connections sees when the guard lets one through."""
    with socket.create_server(("127.0.0.1", 0)) as canary:
        port = canary.getsockname()[1]
        with pytest.raises(FetchFailed):
            fetch(
                "http://kalender.test/", host_overrides={"kalender.test": ("127.0.0.1", port)}, patience=0.2
            )
    assert tried == [("127.0.0.1", port)]


SLOW: dict[str, Script] = {
    "nothing at all": drips(b"", b""),
    "a head that never ends": drips(HEAD, b"X-A: b\r\n"),
    "a body byte by byte": drips(HEAD + b"Content-Length: 1000000\r\n\r\n", b"x"),
    "chunks without an end": drips(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "no length, no end": drips(HEAD + b"\r\n", b"x"),
}


@pytest.mark.parametrize("case", SLOW)
def test_a_dripping_response_times_out(hostile: Hostile, case: str) -> None:
    began = time.monotonic()
    assert why(hostile, "http://kalender.test/", SLOW[case], patience=0.6) in {"too_slow", "unreachable"}
    assert time.monotonic() - began < 3


def floods(head: bytes, part: bytes) -> Script:
    def flood(opened: socket.socket) -> None:
        opened.sendall(head)
        for _ in range(200):
            opened.sendall(part)

    return flood


LARGE: dict[str, Script] = {
    "one byte too many": content(b"x" * (MAX_BYTES + 1)),
    "chunks without an end": floods(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65536 + b"\r\n"
    ),
    "no length, no end": floods(HEAD + b"\r\n", b"x" * 65536),
    "a bomb": content(gzip.compress(b"\0" * 200_000_000, 9), b"Content-Encoding: gzip"),
    "a bomb just above the bound": content(gzip.compress(b"x" * (MAX_BYTES + 1)), b"Content-Encoding: gzip"),
}


@pytest.mark.parametrize("case", LARGE)
def test_a_response_over_the_limit_is_refused(hostile: Hostile, case: str) -> None:
    assert why(hostile, "http://kalender.test/", LARGE[case], patience=20) == "too_large"


def test_two_megabytes_to_the_byte_are_taken(hostile: Hostile) -> None:
    hostile.scripts["/"] = content(b"x" * MAX_BYTES)
    assert len(fetch("http://kalender.test/", host_overrides=hostile.host_overrides)) == MAX_BYTES


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "no_access"), (403, "no_access"), (404, "nothing_there"), (410, "nothing_there"),
        (204, "server_trouble"), (304, "server_trouble"), (429, "server_trouble"), (500, "server_trouble"),
        (503, "server_trouble"),
    ],
)  # fmt: skip
def test_each_http_error_has_its_code(hostile: Hostile, status: int, code: str) -> None:
    answer = says(b"HTTP/1.1 %d Nee\r\nContent-Length: 0\r\n\r\n" % status)
    assert why(hostile, "http://kalender.test/", answer) == code


@pytest.mark.parametrize(
    "answer",
    [b"", b"hello\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", HEAD + b"Content-Length: 90\r\n\r\nhalf",
     HEAD + b"Content-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
     HEAD + b"Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx",
     HEAD + b"X: " + b"a" * 70_000 + b"\r\n\r\n", HEAD + b"A: b\r\n" * 200 + b"\r\n"],
)  # fmt: skip
def test_a_malformed_response_is_a_fetch_failure(hostile: Hostile, answer: bytes) -> None:
    assert why(hostile, "http://kalender.test/", says(answer)) == "unreachable"


def test_an_unknown_host_is_a_fetch_failure() -> None:
    def nobody(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    with pytest.raises(FetchFailed, match="host_unknown"):
        fetch("http://nergens.test/", resolve=nobody)
    with pytest.raises(FetchFailed, match="host_unknown"):
        fetch("http://nergens.test/", resolve=lambda _host, _port: [])


def test_a_secure_address_asks_for_its_own_name_and_trusts_no_plain_server(hostile: Hostile) -> None:
    assert why(hostile, "https://kalender.test/") == "unreachable"
    (hello,) = hostile.heard
    assert b"kalender.test" in hello


def test_nothing_is_fetched_inside_a_unit_of_work() -> None:
    with pytest.raises(IOInsideTransaction), unit_of_work():
        fetch("http://kalender.test/")
