"""Property-based fuzz run over plain sockets: requests, packets and websocket frames that are none."""

import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.fuzzing import budget
from tests.support.processes import Ontmoet
from tests.support.random_input import any_text, odd_text
from tests.support.random_requests import raw_query
from tests.support.raw_socketio_client import ConnectionClosed, Raw

PACKETS = (
    "", "0", "1", "2", "2probe", "3", "4", "40", "40{}", "40/admin,", "40/,{}", "41", "42", "42[]",
    '42["x"]', '42["chat.leave"]',
    '42["chat.leave",{}]', '42["chat.leave",{},{}]', '42["connect",{}]', '42["disconnect"]', '42["*"]',
    '42["refused"]', "42{}", "42null",
    '420["chat.leave",{"room":"x"}]', '4299999999999["chat.leave",{}]', '42-1["chat.leave",{}]',
    '42٣["chat.leave",{}]',
    '42/admin,1["chat.leave",{}]', '42[["chat.leave"],{}]', '42[1,{}]', '42["chat.leave",NaN]',
    '42["chat.leave",{"room":"\\ud800"}]',
    "43", "430[]", "4399[1]", "430", "44", '44{"message":"x"}', "45",
    '451-["x",{"_placeholder":true,"num":0}]',
    '4599999-["x"]', "46", "5", "6", "7", "9", "bAAAA", "\x00", "42" + "[" * 3000,
    '42["chat.leave",' + '{"a":' * 3000,
    "42" + "9" * 5000, '42["' + "x" * 60_000 + '"]', "x" * 70_000, "4" * 2000,
)  # fmt: skip
QUERIES = (
    "",
    "&sid=x",
    "&sid=",
    "&EIO=3",
    "&transport=polling",
    "&j=0",
    "&b64=1",
    "&t=%00",
    "&sid=" + "x" * 3000,
)
HEADS = (
    b"", b"\r\n\r\n", b"GET", b"GET / HTTP/9.9\r\n\r\n", b"GET  / HTTP/1.1\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /?\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /sign-in?next=\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET http://x.test/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET //x.test/ HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1, 2\r\n\r\nab",
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nx",
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n",
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    b"POST /sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: x.test\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nA b: c\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: ontmoet=\xff\r\nX: " + b"y" * 9000 + b"\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
)  # fmt: skip
NO_SIZE = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
packets = (
    st.sampled_from(PACKETS) | st.builds("4{}{}".format, st.sampled_from("0123456"), odd_text) | any_text
)
wire_frames = st.tuples(
    packets.map(lambda text: text.encode(errors="surrogatepass")) | st.binary(max_size=140),
    st.sampled_from((1, 1, 1, 1, 0, 2, 3, 8, 9, 10, 11, 15)),
    st.sampled_from((True, True, True, False)),
    st.sampled_from((True, True, True, True, False)),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ontmoet]:
    web = Ontmoet(tmp_path_factory.mktemp("fuzz"))
    web.flask("prepare")
    web.start()
    try:
        yield web
    finally:
        web.stop()


def check(server: Ontmoet) -> None:
    """Somebody else is served as before, and no fault was logged."""
    with Raw(server.port).enter() as other:
        other.ask(7, "chat.leave", room="livestream:x")
        assert other.packet() == ("43", 7, [{"ok": True}])
    assert "Traceback" not in server.log(), server.log()[-3000:]


def test_no_packet_is_too_odd(server: Ontmoet) -> None:
    @budget(60)
    @given(st.booleans(), st.lists(wire_frames, min_size=1, max_size=5))
    def never_fails(enters: bool, sent: list[tuple[bytes, int, bool, bool]]) -> None:
        with suppress(ConnectionClosed, ConnectionError), Raw(server.port) as odd:
            if enters:
                odd.enter()
            for data, opcode, last, masked in sent:
                odd.send_frame(data, opcode, last=last, masked=masked)
            odd.socket.settimeout(0.02)
            with suppress(TimeoutError):
                while True:
                    said = odd.frame()[1]  # whatever comes is a whole frame: Malformed is a failure
                    assert b'"status":500' not in said.replace(b" ", b""), said
        check(server)

    never_fails()


def test_an_odd_packet_leaves_the_socket_or_ends_it(server: Ontmoet) -> None:
    for packet in sorted({*PACKETS} - {"41"}):  # after a goodbye nothing is answered, until the line is cut
        with suppress(ConnectionClosed, ConnectionError), Raw(server.port).enter() as odd:
            odd.send(packet)
            odd.ask(5, "chat.leave", room="livestream:x")
            while odd.text() != '435[{"ok":true}]':
                pass
    check(server)


def test_no_handshake_and_no_request_is_too_odd(server: Ontmoet) -> None:
    request = (
        st.sampled_from(HEADS)
        | st.binary(max_size=200)
        | raw_query.map(
            lambda query: (
                b"GET /livestreams?" + query.encode("latin-1") + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
            )
        )
    )

    @budget(40)
    @given(request, st.sampled_from(QUERIES))
    @example(NO_SIZE + b"zz\r\n", "")
    @example(NO_SIZE + b"5\r\nab", "")
    @example(NO_SIZE + b"2\r\nabcdef\r\n0\r\n\r\n", "")
    @example(b"GET /sign-in?next=\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", "&sid=x")
    def never_fails(head: bytes, query: str) -> None:
        with suppress(ConnectionError), socket.create_connection(("127.0.0.1", server.port), 15) as odd:
            odd.sendall(head)
            with suppress(OSError):  # the server may have refused the head and closed already
                odd.shutdown(socket.SHUT_WR)
            said = odd.makefile("rb").readline()
            assert said == b"" or int(said.split()[1]) < 500, said
        with suppress(ConnectionClosed, ConnectionError), Raw(server.port, query=query) as handshake:
            assert int(handshake.answer.split()[1]) < 500
        check(server)

    never_fails()
