"""TXT look-ups against a DNS server on loopback: long, absent and malformed answers."""

import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from typing_extensions import override

from events.core.network.dns_records import Unanswered, find_texts
from tests.support.processes import free_port

Answer = Callable[[bytes], bytes]
Ask = Callable[[Answer], tuple[str, int]]


@pytest.fixture
def name_server() -> Iterator[Ask]:
    """Start a server that answers every question by this function, over UDP and TCP."""
    with ExitStack() as running:

        def serve(answer: Answer) -> tuple[str, int]:
            class Short(socketserver.DatagramRequestHandler):
                @override
                def handle(self) -> None:
                    asked = self.rfile.read()
                    whole = answer(asked)
                    cut = whole[:2] + struct.pack(">H", 0x8380) + whole[4:6] + b"\0" * 6 + asked[12:]
                    self.wfile.write(whole if len(whole) <= 512 else cut)

            class Long(socketserver.StreamRequestHandler):
                @override
                def handle(self) -> None:
                    whole = answer(self.rfile.read(*struct.unpack(">H", self.rfile.read(2))))
                    self.wfile.write(struct.pack(">H", len(whole)) + whole)

            address = ("127.0.0.1", free_port())
            for server in (socketserver.UDPServer(address, Short), socketserver.TCPServer(address, Long)):
                running.enter_context(server)
                threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
                running.callback(server.shutdown)
            return address

        yield serve


def answer_with(*texts: str, code: int = 0) -> Answer:
    def answer(asked: bytes) -> bytes:
        question = asked[12 : asked.index(b"\0", 12) + 5]
        header = asked[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, len(texts), 0, 0)
        return header + question + b"".join(map(_record, texts))

    return answer


def _record(text: str) -> bytes:
    data = text.encode()
    pieces = [data[start : start + 255] for start in range(0, len(data), 255)]
    body = b"".join(bytes([len(piece)]) + piece for piece in pieces)
    return b"\xc0\x0c" + struct.pack(">HHIH", 16, 1, 300, len(body)) + body


def test_texts_are_found_and_joined_from_their_pieces(name_server: Ask) -> None:
    server = name_server(answer_with("v=spf1 include:mail.test -all", "x" * 300))
    assert find_texts("ontmoet.test", servers=[server]) == ["v=spf1 include:mail.test -all", "x" * 300]


def test_an_answer_too_long_for_one_packet_is_asked_again(name_server: Ask) -> None:
    server = name_server(answer_with(*(letter * 250 for letter in "wxyz")))
    assert len(find_texts("ontmoet.test", servers=[server])) == 4


def test_no_such_name_has_no_texts(name_server: Ask) -> None:
    assert find_texts("nergens.test", servers=[name_server(answer_with(code=3))]) == []


@pytest.mark.parametrize(
    "answer",
    [
        answer_with(code=2),
        lambda asked: b"\0\0" + answer_with("v=spf1")(asked)[2:],
        lambda asked: asked[:7],
        lambda asked: answer_with("v=spf1 -all")(asked)[:-13] + b"\xff\xff\xff",
    ],
    ids=["failure", "other-question", "short", "broken"],
)
def test_a_server_that_talks_nonsense_is_passed_over(name_server: Ask, answer: Answer) -> None:
    good = name_server(answer_with("v=spf1 -all"))
    assert find_texts("ontmoet.test", servers=[name_server(answer), good]) == ["v=spf1 -all"]


@pytest.mark.long
def test_without_a_resolver_there_is_no_answer() -> None:
    with pytest.raises(Unanswered):
        find_texts("ontmoet.test", servers=[("127.0.0.1", free_port())])
