"""Parser of bounces (RFC 3464 or the prose of mail servers) and complaints (RFC 5965)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.utils import getaddresses

from flufl.bounce import all_failures

from events.core.mail.mime_parts import header, ids, own_parts, part_text

ADDRESS = re.compile(r"[^\s<>;,:()\[\]\"']{1,64}@[A-Za-z0-9_.-]{1,190}[A-Za-z0-9]")
MAX_REPORT_LENGTH = 60_000  # of a report; its own text precedes the mail that it quotes
MAX_DIAGNOSTIC_LENGTH = 600
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]|-?\d)")
_REPLY = re.compile(r"(?<![\d.\-/:])([45][0-5]\d)(?=[ \-#:])(?!-\d)")
_FIELD = re.compile(r"^([A-Za-z][A-Za-z-]{1,40}):[ \t]*(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_RECIPIENT_FIELDS = {"original-recipient", "final-recipient", "action", "status", "diagnostic-code"}
_NUMBER_LINE = re.compile(
    r"^[>\s]*(?:message-id|in-reply-to|original-message-id):\s*(.*)$", re.IGNORECASE | re.M
)
_DAEMON = re.compile(
    r"mailer.?daemon|post.?master|mail.?daemon|mdaemon|bounces?\b|smtp-?d?\b|mail.?delivery.?(sub)?system"
)
_FAILS = re.compile(
    r"undeliver|mail fail(ed|ure)|failed deliver|failure deliver|error sending your"
    r"|could not send|returned mail|return(ed)? to sender|failure notice|deliver(y"
    r"|ed)? (status|fail|error|problem|incomplete)"
    r"|mail delivery|delivery has failed|non.?deliver|delayed|could ?n.t be delivered"
    r"|not (yet )?been delivered"
    r"|onbestelbaar|niet (worden )?(be|af)geleverd|unzustellbar|zustellung|non remis|échec de (la )?remise",
    re.IGNORECASE,
)
# Openings of programs that write no RFC 3464 and sometimes no sender.
_OPENINGS = re.compile(
    r"this is the qmail-send program|this is the mailer-daemon, please do not reply"
    r"|message was created automatically by (the )?mail (delivery|system)|this is an automatically generated"
    r" delivery|this is the mail system at host|could not be delivered to one or more|wasn.t delivered to"
    r"|couldn.t be delivered|unable to deliver your message|delivery to the following recipients? failed"
    r"|did not reach the following recipient|error (message below:|occurred while trying to deliver)"
    r"|could not deliver (your|the) (message|mail)|had permanent fatal errors|following address(es)? failed"
    r"|nachricht konnte nicht zugestellt|kon niet worden (be|af)geleverd|n.a pas pu être (remis|livré)",
    re.IGNORECASE,
)
_DELAYS = re.compile(
    r"delayed|not yet been delivered|will (continue|keep) (to )?(try|deliver)"
    r"|still (being )?tr(ied|ying)|no action is required"
    r"|temporary (problem|failure|error) delivering|warning message only",
    re.IGNORECASE,
)
_GIVES_UP = re.compile(
    r"giving up|given up|permanent|has failed|expired|could not be delivered|retry timeout exceeded", re.I
)
_QUOTED_MAIL = re.compile(
    r"^(original message:?$|-{2,}.{0,20}(below this line|this is a copy|original message|the body of"
    r"|unsent message|returned message)"
    r"|-{3,} ?(the header|forwarded|copy of)|below is a copy of|return-path:|received: |--- mail headers)",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True)
class Returned:
    """One recipient in a report. `status` as in RFC 3463 (5.1.1, 4.2.2) or empty.

    `action` is failed, delayed, delivered, relayed or expanded; `diagnostic` is the remote server's
    reply.
    """

    address: str
    action: str
    status: str
    diagnostic: str = ""


@dataclass(frozen=True)
class Report:
    """A bounce or a complaint; `message_ids` are candidates for the mail that it is about."""

    kind: str  # bounce or complaint
    returned: list[Returned] = field(default_factory=list)
    message_ids: list[str] = field(default_factory=list)


def read_report(mail: Message) -> Report | None:
    """None for mail written by a person or another program, even with a bounce attached."""
    by_machine = _by_machine(mail)
    parts = [part for part in mail.walk() if by_machine or part in own_parts(mail)]
    kinds = {part.get_content_type() for part in parts}
    if "message/feedback-report" in kinds:
        return Report("complaint", [], _quoted_ids(mail))
    statuses = [_status_text(part) for part in parts if part.get_content_type() == "message/delivery-status"]
    prose = _prose(mail)
    returned = [one for text in statuses for one in _from_fields(text, prose)]
    if not returned and "final-recipient:" in prose.lower():
        returned = list(_from_fields(prose, prose[: prose.lower().find("final-recipient:")]))
    if not returned and (statuses or _says_so(mail, prose, by_machine=by_machine)):
        returned = _from_prose(mail, prose)
    elif not returned:
        return None
    return Report("bounce", returned, _quoted_ids(mail))


def _by_machine(mail: Message) -> bool:
    """Whether it comes from a mail system: null sender, a daemon, or failure headers."""
    if header(mail, "Return-Path").replace(" ", "") == "<>" or mail.get("X-Failed-Recipients") is not None:
        return True
    senders = getaddresses([header(mail, "From")])
    names = [address.partition("@")[0] or name for name, address in senders] or [header(mail, "From")]
    return all(not name or _DAEMON.search(name.lower()) for name in names)


def _says_so(mail: Message, prose: str, *, by_machine: bool) -> bool:
    opens = _OPENINGS.search(prose[:1500]) is not None
    subject = _FAILS.search(header(mail, "Subject")) is not None
    failed = mail.get("X-Failed-Recipients") is not None
    if by_machine:
        return opens or subject or failed or _STATUS.search(prose[:3000]) is not None
    # From an ordinary address only an explicit failure with a server reply counts.
    return opens and subject and (_STATUS.search(prose) or _REPLY.search(prose)) is not None


def _prose(mail: Message) -> str:
    """Text of the report without the quoted mail."""
    texts = [part_text(part) for part in own_parts(mail) if _is_text(part)]
    text = "\n".join(texts)[:MAX_REPORT_LENGTH]
    quoted = _QUOTED_MAIL.search(text)
    return text[: quoted.start()] if quoted and quoted.start() > 0 else text


def _is_text(part: Message) -> bool:
    """Text, or a multipart without its boundary, which is then text as a whole."""
    broken = part.get_content_maintype() == "multipart" and not part.is_multipart()
    return part.get_content_type() in {"text/plain", "text/html"} or broken


def _status_text(part: Message) -> str:
    blocks = part.get_payload()
    if isinstance(blocks, list):
        text = "\n\n".join(str(block) for block in blocks if isinstance(block, Message))
        if "recipient" in text.lower():
            return text[:MAX_REPORT_LENGTH]
    return part_text(part)[:MAX_REPORT_LENGTH]


def _from_fields(text: str, prose: str) -> Iterator[Returned]:
    """Recipients of a delivery-status part, whatever blank lines separate its fields."""
    groups: list[dict[str, str]] = [{}]
    for name, value in _FIELD.findall(text.replace("\r\n", "\n")):
        if name.lower() in _RECIPIENT_FIELDS:
            if name.lower() in groups[-1]:
                groups.append({})
            groups[-1][name.lower()] = " ".join(value.split())
    for fields in groups:
        address = _address(fields.get("final-recipient", "")) or _address(
            fields.get("original-recipient", "")
        )
        if address:
            status = _first(_STATUS, fields.get("status", ""))
            diagnostic = fields.get("diagnostic-code", "") or prose
            yield Returned(address, _action(fields.get("action", ""), status), status, _short(diagnostic))


def _action(written: str, status: str) -> str:
    word = re.match(r"[a-z]*", written.strip().lower())
    if word and word[0] in {"failed", "delayed", "delivered", "relayed", "expanded"}:
        return word[0]
    return {"2": "delivered", "4": "delayed"}.get(status[:1], "failed")


def _from_prose(mail: Message, prose: str) -> list[Returned]:
    temporary, permanent = _second_reading(mail)
    named = ADDRESS.findall(header(mail, "X-Failed-Recipients"))
    addresses = (
        named
        or [*permanent, *temporary]
        or [one for one in ADDRESS.findall(prose) if not _DAEMON.search(one.partition("@")[0].lower())]
    )
    delayed = bool(_DELAYS.search(prose) or _DELAYS.search(header(mail, "Subject"))) and not _GIVES_UP.search(
        prose
    )
    action = "delayed" if delayed or (temporary and not permanent) else "failed"
    ours = {address.lower() for _name, address in getaddresses([header(mail, "To")])}
    found = dict.fromkeys(one.lower().rstrip(".") for one in addresses)
    kept = [one for one in found if one not in ours] or [""]
    said = {one: _about(one, prose) for one in kept[:20]}
    return [
        Returned(one, action, _first(_STATUS, words) or _first(_STATUS, prose), _short(words))
        for one, words in said.items()
    ]


def _second_reading(mail: Message) -> tuple[list[str], list[str]]:
    """Addresses that flufl.bounce finds, which knows some twenty formats: temporary, permanent."""
    try:
        temporary, permanent = all_failures(mail)
    except Exception:  # a detector that raises has found nothing
        return [], []
    both = (sorted(one.decode("utf-8", "replace") for one in found) for found in (temporary, permanent))
    first, second = both
    return [one for one in first if ADDRESS.fullmatch(one)], [one for one in second if ADDRESS.fullmatch(one)]


def _about(address: str, prose: str) -> str:
    """Text about this address: from its line to the next address."""
    place = prose.lower().find(address) if address else -1
    if place < 0:
        return prose
    start = prose.rfind("\n", 0, place) + 1
    others = (one for one in ADDRESS.finditer(prose, place) if one[0].lower().rstrip(".") != address)
    end = next((prose.rfind("\n", 0, one.start()) for one in others), len(prose))
    about = prose[start : max(end, place)]
    return about if len(about) > len(address) + 20 else prose


def _quoted_ids(mail: Message) -> list[str]:
    """Every Message-ID that may be our mail's: in headers, in the quoted mail, or in text."""
    found = [*ids(mail, "In-Reply-To"), *ids(mail, "References")]
    for part in mail.walk():
        if part is not mail:
            found += ids(part, "Message-ID")
        if (
            _is_text(part)
            or part.get_content_maintype() == "text"
            or part.get_content_type() == "message/delivery-status"
        ):
            text = _status_text(part) if part.get_content_maintype() == "message" else part_text(part)
            found += [
                one
                for line in _NUMBER_LINE.findall(text[: 4 * MAX_REPORT_LENGTH])
                for one in re.findall(r"<[^<>\s]{3,250}>", line)
            ]
    return list(dict.fromkeys(found))[:50]


def _address(value: str) -> str:
    """`rfc822; bram@example.test`, `<bram@example.test>` or bare."""
    found = ADDRESS.search(value.partition(";")[2] or value)
    return found[0].lower() if found else ""


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""


def _short(text: str) -> str:
    return " ".join(text.split())[:MAX_DIAGNOSTIC_LENGTH]
