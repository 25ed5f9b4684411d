"""Mail: an outbox row in the business transaction, rendered at send time, the same Message-ID each time."""

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app, render_template
from sqlalchemy import Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from events.core import clock
from events.core.bus import announce
from events.core.config import Settings
from events.core.db import Base, Id, forbid_open_unit, unit_of_work
from events.core.ids import new_id
from events.core.locale import in_language_of
from events.core.mail_headers import OUTGOING
from events.core.mail_ledger import Ceilings, enter_mail
from events.core.queue import enqueue, job
from events.core.signals import MailRefused
from events.core.text import header_line

SMTP_TIMEOUT = 20  # seconds
NO_MAILBOX = {550: "5.1.1", 551: "5.1.6", 553: "5.1.3"}  # what a server means that gives no status of its own
_STATUS = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")


class OutgoingMail(Base):
    """A mail that is due: what it is about and to whom, never its text. `dedup_key` sends each once."""

    __tablename__ = "outgoing_mail"

    id: Mapped[Id]
    kind: Mapped[str]
    person_id: Mapped[str]
    subject_id: Mapped[str]
    sequence: Mapped[int] = mapped_column(default=0)
    dedup_key: Mapped[str] = mapped_column(unique=True)
    message_id: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")  # waiting, sent, dropped, refused
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    planned_at: Mapped[datetime | None] = mapped_column(index=True)  # the minute of a mail to many
    sent_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Letter:
    """What a composer makes of an outbox row: addressee, template and what it needs, all read already.

    `template` names templates/mail/<template>.txt and .html; the first line of the .txt is the subject.
    `calendar` is a file of bytes with its METHOD; `unsubscribe` the one-click address of this kind.
    """

    to_name: str
    to_address: str
    locale: str
    template: str
    context: dict[str, object] = field(default_factory=dict)
    calendar: bytes | None = None
    method: str = "REQUEST"
    from_name: str = "Ontmoet"
    reply_to: tuple[str, str] | None = None
    unsubscribe: str | None = None


Composer = Callable[[Session, OutgoingMail], Letter | None]
_composers: dict[str, Composer] = {}
_ceilings: dict[str, Ceilings] = {}


def composes(kind: str, ceilings: Ceilings | None = None) -> Callable[[Composer], Composer]:
    """Register who reads what a kind of mail says; None means it is no longer due.

    `ceilings` are those of mail that people cause; without them nobody's acts are counted for it.
    """

    def register(composer: Composer) -> Composer:
        _composers[kind] = composer
        if ceilings is not None:
            _ceilings[kind] = ceilings
        return composer

    return register


def post(
    db: Session,
    kind: str,
    person_id: str,
    subject_id: str,
    *,
    sequence: int = 0,
    at: datetime | None = None,
    to_many: bool = False,
    group_id: str | None = None,
) -> None:
    """Put one mail in this transaction's outbox. Same kind, person, subject and sequence: once.

    Of mails `to_many` only so many leave in a minute; mail servers slow down or refuse who sends in bursts.
    A mail that a person causes is entered in the ledger first (TooMany over a ceiling); `group_id` is the
    circle on whose behalf it is sent.
    """
    dedup_key = f"{kind}:{person_id}:{subject_id}:{sequence}"
    if db.scalar(select(OutgoingMail.id).where(OutgoingMail.dedup_key == dedup_key)) is not None:
        return
    if kind in _ceilings and at is None:
        at = enter_mail(db, _ceilings[kind], kind, person_id, subject_id, group_id=group_id)
    planned_at = _next_minute(db) if to_many and at is None else None
    mail = OutgoingMail(
        kind=kind,
        person_id=person_id,
        subject_id=subject_id,
        sequence=sequence,
        dedup_key=dedup_key,
        message_id=f"<{new_id()}@{_domain()}>",
        created_at=clock.now(),
        planned_at=planned_at,
    )
    db.add(mail)
    db.flush()
    enqueue(db, send_mail, mail.id, key=f"mail:{mail.id}", at=at or planned_at)


def _next_minute(db: Session) -> datetime:
    """The first minute, from this one on, that has room for one more mail to many."""
    this = clock.now().replace(second=0, microsecond=0)
    last = db.scalar(select(func.max(OutgoingMail.planned_at)))
    minute = this if last is None else max(this, last)
    query = select(func.count(OutgoingMail.id)).where(OutgoingMail.planned_at == minute)
    full = (db.scalar(query) or 0) >= _settings().mail_per_minute
    return minute + timedelta(minutes=1) if full else minute


@job()
def send_mail(mail_id: str) -> None:
    """Read, render and send one mail; leave a row that says so."""
    with unit_of_work() as db:
        mail = db.get(OutgoingMail, mail_id)
        if mail is None or mail.state != "waiting":
            return
        letter = _composers[mail.kind](db, mail)
        if letter is None:
            mail.state = "dropped"
    if letter is None:
        return
    try:
        _send(_message(letter, mail.message_id))
    except smtplib.SMTPRecipientsRefused as refused:
        _note_refusal(mail_id, refused)
        return
    with unit_of_work() as db:
        sent = db.get_one(OutgoingMail, mail_id)
        sent.state, sent.sent_at = "sent", clock.now()


def _note_refusal(mail_id: str, refused: smtplib.SMTPRecipientsRefused) -> None:
    """A refusal for good ends the mail; one for now is raised again, so that it is tried later."""
    code, said = next(iter(refused.recipients.values()))
    if code < 500:
        raise refused
    words = said.decode(errors="replace")
    status = _STATUS.search(words)
    with unit_of_work() as db:
        mail = db.get_one(OutgoingMail, mail_id)
        mail.state, mail.error = "refused", f"{code} {words}"[:500]
        announce(db, MailRefused(mail_id, status[0] if status else NO_MAILBOX.get(code, "5.0.0")))


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _domain() -> str:
    return _settings().mail_from.rpartition("@")[2]


def _message(letter: Letter, message_id: str) -> EmailMessage:
    with in_language_of(letter.locale):
        context = letter.context | {"locale": letter.locale, "letter": letter}
        text = render_template(f"mail/{letter.template}.txt", **context)
        html = render_template(f"mail/{letter.template}.html", **context)
    subject, _, body = text.lstrip().partition("\n")
    message = EmailMessage(policy=OUTGOING)
    message["Subject"] = header_line(subject)
    message["From"] = _address(letter.from_name, _settings().mail_from)
    message["To"] = _address(letter.to_name, letter.to_address)
    if letter.reply_to is not None:
        message["Reply-To"] = _address(*letter.reply_to)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(body.strip() + "\n")
    message.add_alternative(html, subtype="html")
    if letter.calendar is not None:
        _attach_calendar(message, letter.calendar, letter.method)
    return message


def _attach_calendar(message: EmailMessage, calendar: bytes, method: str) -> None:
    # Once as an alternative, which calendars read by themselves, and once as a file to open by hand.
    message.add_alternative(
        calendar, maintype="text", subtype="calendar", params={"method": method, "charset": "utf-8"}
    )
    message.add_attachment(calendar, maintype="application", subtype="ics", filename="invite.ics")


def _address(name: str, address: str) -> Address:
    return Address(display_name=header_line(name), addr_spec=address)


def _send(message: EmailMessage) -> None:
    forbid_open_unit("sending mail")
    settings = _settings()
    if settings.mail_url is None:
        _drop_in_mailbox(message, settings.mail_directory)
        return
    url = urlsplit(settings.mail_url.get_secret_value())
    with smtplib.SMTP(url.hostname or "localhost", url.port or 587, timeout=SMTP_TIMEOUT) as server:
        server.ehlo()
        if server.has_extn("starttls") or settings.production:
            # Without a context Python would take any certificate.
            server.starttls(context=ssl.create_default_context())
        if url.username and url.password:
            server.login(unquote(url.username), unquote(url.password))
        recipient = message["To"].addresses[0].addr_spec
        server.send_message(message, from_addr=settings.mail_from, to_addrs=[recipient])


def _drop_in_mailbox(message: EmailMessage, directory: Path) -> None:
    """A mail is there as a whole or not at all, also when the process ends while it is written."""
    directory.mkdir(parents=True, exist_ok=True)
    name = message["Message-ID"].strip("<>").partition("@")[0]
    begun = directory / f"{clock.now():%Y%m%d-%H%M%S-%f}-{name}.begun"
    begun.write_bytes(message.as_bytes())
    begun.replace(begun.with_suffix(".eml"))
