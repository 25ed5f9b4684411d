"""MIME reader for headers and parts of untrusted mail: malformed ones read as absent."""

import re
from collections.abc import Iterator
from email.message import Message

from events.core.text.markup import plain_text

_ID = re.compile(r"<[^<>\s]{3,250}>")
# Single-byte charsets accept any bytes, so text that is valid UTF-8 is read as UTF-8 instead.
# These labels mean windows-1252 (WHATWG Encoding).
_WINDOWS = {
    "",
    "iso-8859-1",
    "latin-1",
    "latin1",
    "us-ascii",
    "ascii",
    "ansi",
    "unknown-8bit",
    "windows-1252",
}
_ONE_BYTE = re.compile(r"iso-?8859-\d+|windows-12\d\d|cp12\d\d|koi8-[ru]|macintosh|cp\d{3}")


def header(mail: Message, name: str) -> str:
    """First header of that name, unfolded: the topmost is our own server's."""
    try:
        return " ".join(str(mail.get(name) or "").split())
    except (ValueError, LookupError, AttributeError, TypeError, IndexError):  # malformed
        return ""


def headers(mail: Message, name: str) -> list[str]:
    """All headers of that name, topmost first."""
    try:
        return [" ".join(str(value).split()) for value in mail.get_all(name) or []]
    except (ValueError, LookupError, AttributeError, TypeError, IndexError):
        return []


def ids(mail: Message, name: str) -> list[str]:
    """Message-IDs in that header, with brackets."""
    return _ID.findall(header(mail, name))


def own_parts(mail: Message) -> Iterator[Message]:
    """Parts of this mail, without those of attached mails."""
    yield mail
    if mail.get_content_type() == "message/rfc822":
        return
    children = mail.get_payload() if mail.is_multipart() else []
    for child in children if isinstance(children, list) else []:
        if isinstance(child, Message):
            yield from own_parts(child)


def part_text(part: Message) -> str:
    """Text of one part; HTML as plain text."""
    text = decoded(part)
    return plain_text(text) if part.get_content_type() == "text/html" else text


def decoded(part: Message) -> str:
    """Text of one part in its declared charset if that fits, else UTF-8, else windows-1252."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        declared = (part.get_content_charset() or "").strip().lower()
    except (ValueError, LookupError, AttributeError, TypeError):
        declared = ""
    if declared in _WINDOWS:
        order = ["utf-8"]
    elif _ONE_BYTE.fullmatch(declared):
        order = ["utf-8", declared]
    else:
        order = [declared, "utf-8"]
    if declared.startswith(("utf-16", "utf-32")) and b"\0" not in data:
        order = ["utf-8"]
    for charset in [*order, "cp1252"]:
        try:
            return data.decode(charset)
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")
