"""Text records of a domain, asked of the name servers of this machine; for the doctor alone."""

import secrets
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

from events.core.db import forbid_open_unit

TEXT, INTERNET = 16, 1
TIMEOUT = 3  # seconds
MOST_READ = 4096  # bytes of an answer over UDP; a longer one comes over TCP
RESOLVERS = Path("/etc/resolv.conf")


class NoAnswer(OSError):
    """No name server answered, or with an error; that a name has no text is an answer."""


def find_texts(name: str, *, servers: list[tuple[str, int]] | None = None) -> list[str]:
    """The text records of a name, each joined from its pieces; empty when there are none."""
    forbid_open_unit("asking a name server")
    query = _query(name)
    for server in servers or list(_servers()):
        try:
            return list(_read(_ask(query, server), query[:2]))
        except (OSError, struct.error, IndexError, ValueError):
            continue
    raise NoAnswer(f"no name server told about {name}")


def _servers() -> Iterator[tuple[str, int]]:
    lines = RESOLVERS.read_text().splitlines() if RESOLVERS.exists() else []
    yield from ((line.split()[1], 53) for line in lines if line.startswith("nameserver "))


def _query(name: str) -> bytes:
    labels = name.rstrip(".").encode("idna").split(b".")
    asked = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    header = struct.pack(">HHHHHH", secrets.randbelow(65536), 0x0100, 1, 0, 0, 1)
    room = struct.pack(">BHHIH", 0, 41, MOST_READ, 0, 0)  # EDNS: how long an answer may be
    return header + asked + struct.pack(">HH", TEXT, INTERNET) + room


def _ask(query: bytes, server: tuple[str, int]) -> bytes:
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as line:
        line.settimeout(TIMEOUT)
        line.connect(server)
        line.send(query)
        answer = line.recv(MOST_READ)
    if not answer[2] & 0x02:
        return answer
    with socket.create_connection(server, TIMEOUT) as line, line.makefile("rwb") as stream:  # it was cut off
        stream.write(struct.pack(">H", len(query)) + query)
        stream.flush()
        return stream.read(*struct.unpack(">H", stream.read(2)))


def _read(answer: bytes, number: bytes) -> Iterator[str]:
    _id, flags, asked, answers = struct.unpack(">HHHH", answer[:8])
    code = flags & 0x0F
    if answer[:2] != number or code not in {0, 3}:  # 3: there is no such name
        raise ValueError("not an answer to this question")
    place = 12
    for _number in range(asked):
        place = _after_name(answer, place) + 4
    for _number in range(answers):
        place = _after_name(answer, place)
        kind, _class, _life, length = struct.unpack(">HHIH", answer[place : place + 10])
        data = answer[place + 10 : place + 10 + length]
        place += 10 + length
        if place > len(answer):
            raise ValueError("an answer that ends too early")
        if kind == TEXT:
            yield _joined(data)


def _after_name(answer: bytes, place: int) -> int:
    while answer[place]:
        if answer[place] & 0xC0:  # the rest of the name stands elsewhere
            return place + 2
        place += answer[place] + 1
    return place + 1


def _joined(data: bytes) -> str:
    pieces, place = [], 0
    while place < len(data):
        pieces.append(data[place + 1 : place + 1 + data[place]])
        place += data[place] + 1
    return b"".join(pieces).decode("utf-8", "replace")
