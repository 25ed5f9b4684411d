"""Header serialisation of outgoing mail (RFC 5322, RFC 2047) that replaces the email package's
folding.

The package folds a long address in angle brackets into an encoded word, which RFC 2047 forbids, and
drops the quotes of a long display name. Parsing stays the package's.
"""

import re
from collections.abc import Iterator
from email import base64mime, quoprimime
from email.headerregistry import Address, HeaderRegistry
from email.policy import EmailPolicy, Policy
from typing import Any

from typing_extensions import override

MAX_LINE_CHARACTERS = 78
MAX_ENCODED_LINE_CHARACTERS = 76  # RFC 2047: a line that holds an encoded word
MAX_PIECE_OCTETS = 18  # fits beside the header name in quoted-printable too
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_WORD_BREAK = re.compile(r" (?=[^ ])")


class _Registry(HeaderRegistry):
    """Header classes of the package with our `fold` mixed in."""

    @override
    def __getitem__(self, name: str) -> Any:
        folding = _FOLDING.get(name.lower())
        found = super().__getitem__(name)
        return type(found.__name__, (folding, found), {}) if folding is not None else found


class _Verbatim:
    """An address or identifier in angle brackets: one line, never encoded."""

    name: str

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _Words:
    """Unstructured text: as is in ASCII, else in encoded words; folded between words."""

    name: str

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Keep the value: the package would decode user text that looks like an encoded word."""
        kwds["decoded"], kwds["parse_tree"] = value, None

    def fold(self, *, policy: Policy) -> str:
        return _broken(f"{self.name}: {_encoded(str(self), len(self.name) + 2)}", policy.linesep)


class _Addresses:
    """Address list: display names quoted or encoded as a whole, addresses never encoded."""

    name: str
    addresses: tuple[Address, ...]

    def fold(self, *, policy: Policy) -> str:
        written = ",\n ".join(map(_mailbox, self.addresses)).replace("\n", policy.linesep)
        return f"{self.name}: {written}{policy.linesep}"


_FOLDING: dict[str, type] = {
    "subject": _Words,
    "from": _Addresses,
    "to": _Addresses,
    "reply-to": _Addresses,
    "message-id": _Verbatim,
    "list-unsubscribe": _Verbatim,
}
# 7-bit bodies (quoted-printable or base64), since not every relay supports 8BITMIME (RFC 6152).
OUTGOING = EmailPolicy(header_factory=_Registry(), cte_type="7bit")


def _mailbox(address: Address) -> str:
    name = address.display_name
    if not name:
        return address.addr_spec
    if not _is_plain(name):
        shown = _encoded(name, len("Reply-To: "))
    elif _ATOMS.fullmatch(name):
        shown = name
    else:
        shown = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    last = shown.rpartition("\n")[2]
    fits = len("Reply-To: ") + len(last) + len(address.addr_spec) + 3 <= MAX_LINE_CHARACTERS
    return f"{shown}{' ' if fits else chr(10) + ' '}<{address.addr_spec}>"


def _encoded(value: str, first: int) -> str:
    """`first` is the number of characters before the value on its first line; lines end with LF."""
    if _is_plain(value):
        return value
    octets = value.encode()
    by_quoting = len(quoprimime.header_encode(octets, "utf-8")) <= len(
        base64mime.header_encode(octets, "utf-8")
    )
    encode = quoprimime.header_encode if by_quoting else base64mime.header_encode
    lines: list[str] = []
    pending = ""
    for piece in _pieces(value):
        room = MAX_ENCODED_LINE_CHARACTERS - (1 if lines else first)
        if pending and len(encode((pending + piece).encode(), "utf-8")) > room:
            lines.append(encode(pending.encode(), "utf-8"))
            pending = ""
        pending += piece
    return "\n ".join([*lines, encode(pending.encode(), "utf-8")])


def _pieces(value: str) -> Iterator[str]:
    """Units of an encoded word: a word with its trailing space, or single characters of a long one."""
    for word in re.findall(r"\S+ *|\s+", value):
        if len(word.encode()) <= MAX_PIECE_OCTETS:
            yield word
        else:
            yield from word


def _is_plain(value: str) -> bool:
    return value.isascii() and "=?" not in value  # else receivers would decode it


def _broken(line: str, linesep: str) -> str:
    """Fold at spaces to 78 characters per line where possible."""
    lines = line.split("\n")
    while len(lines[-1]) > MAX_LINE_CHARACTERS:
        spaces = [found.start() for found in _WORD_BREAK.finditer(lines[-1], 1)]
        name_end = lines[0].find(": ") + 1 if len(lines) == 1 else 0
        spaces = [at for at in spaces if at > name_end]
        if not spaces:
            break
        at = max((at for at in spaces if at <= MAX_LINE_CHARACTERS), default=spaces[0])
        lines[-1:] = [lines[-1][:at], lines[-1][at:]]
    return linesep.join(lines) + linesep
