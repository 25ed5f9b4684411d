"""Parser of incoming mail (MIME, iTIP replies, bounces), run in a child process: the input is
untrusted.
"""

import re
from base64 import b64decode
from dataclasses import asdict, dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import getaddresses
from typing import Any

from events.core.calendar.itip import Answer, read_answer
from events.core.mail.bounces import Report, Returned, read_report
from events.core.mail.mime_parts import decoded, header, headers, ids, part_text
from events.core.mail.sender_authentication import Verdict, read_verdicts

__all__ = ["Incoming", "Report", "Returned", "parse", "read_in_child", "restore"]
MAX_TEXT_LENGTH = 20_000
MAX_REFERENCES = 50
_KEY = re.compile(r"/k/([a-z2-7]{26}[A-Za-z0-9_-]{32})")
_ADDRESS = re.compile(r"[^\s<>;,]{1,64}@[^\s<>;,]{1,190}")
_ANGLED = re.compile(r"<\s*([^<>\s]*@[^<>\s]*)\s*>")
# Subjects of autoreplies; a person's reply keeps our subject after Re:.
_ABSENCE_SUBJECT = re.compile(
    r"(automati(sch|c|que|sche)\w* (antwoord|reply|response|répon?se|antwort)|auto.?(reply"
    r"|response|antwoord|matisch)\b"
    r"|réponse automatique|out.of.(the.)?office|ooo\b|afwezig(heid\w*)?\b|abwesen(d"
    r"|heit\w*)\b|absen(t|ce)\b|niet aanwezig"
    r"|(annual|on) (leave|vacation|holiday)|vakantie(bericht|melding)|congé|urlaub)",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"\b(out of (the )?office|(on|currently) (annual )?(leave|vacation)|away from (my"
    r"|the) (desk|office)|afwezig|niet (op kantoor|bereikbaar|aanwezig)"
    r"|met (verlof|vakantie)|op vakantie|nicht (im (büro|haus)|erreichbar)|abwesend"
    r"|im urlaub|absent(e)?\b|en (congé|vacances))",
    re.IGNORECASE,
)
_ABSENT_SO = re.compile(
    r"(urgent|dringend|spoed|en cas d.urgence)|(limited|no) access to"
    r"|((e-?)?mails?|berichten?|nachrichten?) .{0,40}(niet|not|nicht|pas) (be )?(gelezen|doorgestuurd|read"
    r"|forwarded|gelesen|weitergeleitet|lus?)|(up)?on my return|na (mijn )?terug(komst|keer)"
    r"|nach meiner rückkehr|à mon retour|automati(sch|c|que) (gegenereerd|generated|généré)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Incoming:
    """A parsed mail. `sender` is what From claims, no more.

    `references` are the mails it answers, nearest first. `automatic` names the header that marks it
    as automatic; `proven` and `forged` are the DMARC verdict of our mail server.
    """

    message_id: str = ""
    sender: str = ""
    subject: str = ""
    references: list[str] = field(default_factory=list)
    automatic: str = ""
    verdicts: list[Verdict] = field(default_factory=list)
    proven: bool = False
    forged: bool = False
    text: str = ""
    attachments: int = 0
    keys: list[str] = field(default_factory=list)  # secrets of quoted personal links
    answer: Answer | None = None
    report: Report | None = None


def read_in_child(encoded: str) -> dict[str, object]:
    return asdict(parse(b64decode(encoded)))


def restore(found: dict[str, Any]) -> Incoming:
    """An Incoming from the child's JSON."""
    answer, report, verdicts = found.pop("answer"), found.pop("report"), found.pop("verdicts")
    if report is not None:
        report["returned"] = [Returned(**one) for one in report["returned"]]
    return Incoming(
        **found,
        verdicts=[Verdict(**one) for one in verdicts],
        answer=Answer(**answer) if answer is not None else None,
        report=Report(**report) if report is not None else None,
    )


def parse(raw: bytes) -> Incoming:
    """Parse a mail; malformed parts read as absent."""
    mail = message_from_bytes(raw, policy=policy.default)
    text, attachments = _text(mail)
    return Incoming(
        message_id=_first(ids(mail, "Message-ID")),
        sender=_sender(mail),
        subject=header(mail, "Subject")[:200],
        references=[*ids(mail, "In-Reply-To"), *reversed(ids(mail, "References"))][:MAX_REFERENCES],
        automatic=_automatic(mail) or _absence(mail, text),
        verdicts=read_verdicts(headers(mail, "Authentication-Results")),
        text=text,
        attachments=attachments,
        keys=_keys(mail),
        answer=_answer(mail),
        report=read_report(mail),
    )


def _first(values: list[str]) -> str:
    return values[0] if values else ""


def _sender(mail: Message) -> str:
    """The address of From, or "" if there are several. An unquoted comma in a display name is
    tolerated.
    """
    value = header(mail, "From")
    found = [address for _name, address in getaddresses([value]) if "@" in address]
    angled = _ANGLED.findall(value)
    if len(found) != 1 and len(angled) == 1 and "@" not in _ANGLED.sub("", value):
        found = angled
    return found[0].lower() if len(found) == 1 and _ADDRESS.fullmatch(found[0]) else ""


def _automatic(mail: Message) -> str:
    """Header that marks an automatic mail (RFC 3834 and common variants), or ""."""
    if header(mail, "Auto-Submitted").lower() not in {"", "no"}:
        return "Auto-Submitted"
    if header(mail, "Precedence").lower() in {"bulk", "junk", "list", "auto_reply"}:
        return "Precedence"
    if header(mail, "Return-Path") == "<>":
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


def _absence(mail: Message, text: str) -> str:
    """Where an autoreply without the proper headers shows itself, or "". In doubt it is a person's."""
    if mail.get_content_type() == "multipart/report":  # read receipts too (RFC 8098)
        return "report"
    if _ABSENCE_SUBJECT.match(header(mail, "Subject")):
        return "Subject"
    words = text[:1500]
    says_so = _ABSENT.search(words[:400]) and _ABSENT_SO.search(words)
    return "text" if says_so and "?" not in words.partition("\n>")[0] else ""


def _text(mail: EmailMessage) -> tuple[str, int]:
    """Text of the mail, and the number of attachments."""
    files = sum(1 for part in mail.walk() if _is_file(part))
    return "\n".join(_words(mail)).strip("\n")[:MAX_TEXT_LENGTH], files


def _words(part: Message) -> list[str]:
    """Texts in order, since some programs split them around pictures; the plain one of
    alternatives.
    """
    children = part.get_payload() if part.is_multipart() else None
    if isinstance(children, list) and part.get_content_maintype() == "multipart":
        inner = [child for child in children if isinstance(child, Message)]
        subtype = part.get_content_subtype()
        if subtype == "alternative":
            inner.sort(key=lambda one: one.get_content_type() != "text/plain")
            return next((words for words in map(_words, inner) if "".join(words).strip()), [])
        return [
            word for one in (inner[:1] if subtype in {"related", "signed"} else inner) for word in _words(one)
        ]
    shown = (
        part.get_content_type() in {"text/plain", "text/html"}
        and part.get_content_disposition() != "attachment"
    )
    return [part_text(part)] if shown and part.get_filename() is None else []


def _keys(mail: EmailMessage) -> list[str]:
    parts = [part for part in mail.walk() if part.get_content_type() in {"text/plain", "text/html"}]
    found = (secret for part in parts for secret in _KEY.findall(decoded(part)))
    return list(dict.fromkeys(found))[:MAX_REFERENCES]


def _is_file(part: Message) -> bool:
    named = part.get_content_disposition() == "attachment" or part.get_filename() is not None
    return not part.is_multipart() and named and part.get_content_subtype() not in {"ics", "calendar"}


def _answer(mail: EmailMessage) -> Answer | None:
    for part in mail.walk():
        if part.get_content_type() in {"text/calendar", "application/ics"}:
            data = part.get_payload(decode=True)
            found = read_answer(data) if isinstance(data, bytes) else None
            if found is not None:
                return found
    return None
