"""What a mail that came in says. Anyone may write to us: this runs in a child that may be killed."""

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import getaddresses
from typing import Any

from events.core.calendar import Answer, read_answer
from events.core.text import plain_text

LONGEST_TEXT = 20_000  # characters
MOST_REFERENCES = 50
_ID = re.compile(r"<[^<>\s]{3,250}>")
_KEY = re.compile(r"/k/([a-z2-7]{26}[A-Za-z0-9_-]{32})")
_ADDRESS = re.compile(r"[^\s<>;,]{1,64}@[^\s<>;,]{1,190}")


@dataclass(frozen=True)
class Returned:
    """One address in a report of the mail system. `status` is as in RFC 3463: 5.1.1, 4.2.2."""

    address: str
    action: str
    status: str


@dataclass(frozen=True)
class Report:
    """A bounce or a complaint; `message_ids` are those of our mail that it is about."""

    kind: str  # bounce or complaint
    returned: list[Returned] = field(default_factory=list)
    message_ids: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Incoming:
    """A mail in parts that can be trusted as much as a mail can: the sender is who it claims to be, no more.

    `references` are the mails it answers, the nearest first. `automatic` names the header that says no
    person wrote it; `forged` is the verdict of our own mail server.
    """

    message_id: str = ""
    sender: str = ""
    subject: str = ""
    references: list[str] = field(default_factory=list)
    automatic: str = ""
    forged: bool = False
    text: str = ""
    attachments: int = 0
    keys: list[str] = field(default_factory=list)  # secrets of personal links that it quotes
    answer: Answer | None = None
    report: Report | None = None


def read_in_child(encoded: str) -> dict[str, object]:
    return asdict(parse(b64decode(encoded)))


def restore(found: dict[str, Any]) -> Incoming:
    """A mail as the child handed it over."""
    answer, report = found.pop("answer"), found.pop("report")
    if report is not None:
        report["returned"] = [Returned(**one) for one in report["returned"]]
    return Incoming(
        **found,
        answer=Answer(**answer) if answer is not None else None,
        report=Report(**report) if report is not None else None,
    )


def parse(raw: bytes) -> Incoming:
    """A mail in its parts; what is broken in it reads as absent."""
    mail = message_from_bytes(raw, policy=policy.default)
    text, attachments = _text(mail)
    return Incoming(
        message_id=_first(_ids(mail, "Message-ID")),
        sender=_sender(mail),
        subject=_header(mail, "Subject")[:200],
        references=[*_ids(mail, "In-Reply-To"), *reversed(_ids(mail, "References"))][:MOST_REFERENCES],
        automatic=_automatic(mail),
        forged="dmarc=fail" in _header(mail, "Authentication-Results").lower(),
        text=text,
        attachments=attachments,
        keys=_keys(mail),
        answer=_answer(mail),
        report=_report(mail),
    )


def _header(mail: Message, name: str) -> str:
    """The first header of that name: of several the topmost is our own server's."""
    try:
        return " ".join(str(mail.get(name) or "").split())
    except (ValueError, LookupError, AttributeError, TypeError, IndexError):  # a header too strange to decode
        return ""


def _ids(mail: Message, name: str) -> list[str]:
    return _ID.findall(_header(mail, name))


def _first(values: list[str]) -> str:
    return values[0] if values else ""


def _sender(mail: Message) -> str:
    """The one address of From; two senders are none."""
    found = [address for _name, address in getaddresses([_header(mail, "From")]) if address]
    return found[0].lower() if len(found) == 1 and _ADDRESS.fullmatch(found[0]) else ""


def _automatic(mail: Message) -> str:
    """Which header says that no person wrote this now (RFC 3834, and what programs made of it)."""
    if _header(mail, "Auto-Submitted").lower() not in {"", "no"}:
        return "Auto-Submitted"
    if _header(mail, "Precedence").lower() in {"bulk", "junk", "list", "auto_reply"}:
        return "Precedence"
    if _header(mail, "Return-Path") == "<>":
        return "Return-Path"
    named = (
        "X-Auto-Response-Suppress",
        "X-Autoreply",
        "X-Autorespond",
        "X-Loop",
        "List-Id",
        "List-Unsubscribe",
    )
    return next((name for name in named if mail.get(name) is not None), "")


def _text(mail: EmailMessage) -> tuple[str, int]:
    """What the person wrote, and how many files came with it."""
    body = mail.get_body(("plain", "html"))
    files = sum(1 for part in mail.walk() if _is_file(part))
    if body is None:
        return "", files
    content = _decoded(body)
    html = body.get_content_type() == "text/html"
    return (plain_text(content) if html else content)[:LONGEST_TEXT], files


def _keys(mail: EmailMessage) -> list[str]:
    parts = [part for part in mail.walk() if part.get_content_type() in {"text/plain", "text/html"}]
    found = (secret for part in parts for secret in _KEY.findall(_decoded(part)))
    return list(dict.fromkeys(found))[:MOST_REFERENCES]


def _is_file(part: Message) -> bool:
    named = part.get_content_disposition() == "attachment" or part.get_filename() is not None
    return not part.is_multipart() and named and part.get_content_subtype() not in {"ics", "calendar"}


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        return data.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:  # a character set that nobody knows
        return data.decode("utf-8", "replace")


def _answer(mail: EmailMessage) -> Answer | None:
    for part in mail.walk():
        if part.get_content_type() in {"text/calendar", "application/ics"}:
            data = part.get_payload(decode=True)
            found = read_answer(data) if isinstance(data, bytes) else None
            if found is not None:
                return found
    return None


def _report(mail: EmailMessage) -> Report | None:
    """A multipart/report of RFC 3464 (delivery) or RFC 5965 (complaint)."""
    if mail.get_content_type() != "multipart/report":
        return None
    kinds = {"message/delivery-status": "bounce", "message/feedback-report": "complaint"}
    kind = next((kinds[p.get_content_type()] for p in mail.walk() if p.get_content_type() in kinds), None)
    if kind is None:
        return None
    return Report(kind, list(_returned(mail)), list(dict.fromkeys(_quoted_ids(mail))))


def _returned(mail: EmailMessage) -> Iterator[Returned]:
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks: Any = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            address = _ADDRESS.search(_header(block, "Final-Recipient").partition(";")[2])
            if address is not None:
                action, status = _header(block, "Action").lower(), _header(block, "Status")[:10]
                yield Returned(address[0].lower(), action, status)


def _quoted_ids(mail: EmailMessage) -> Iterator[str]:
    """The Message-IDs of the mail that is reported, whether it came whole or only with its headers."""
    for part in mail.walk():
        if part.get_content_type() == "message/rfc822":
            inner: Any = part.get_payload()
            yield from (
                found for one in inner if isinstance(inner, list) for found in _ids(one, "Message-ID")
            )
        elif part.get_content_type() == "text/rfc822-headers":
            yield from _ids(message_from_bytes(_decoded(part).encode(), policy=policy.default), "Message-ID")
