"""Mail: an outbox row in the business transaction, rendered at send time, the same Message-ID each time."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import structlog
from flask import current_app
from sqlalchemy import Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from events.core import clock
from events.core.bus import announce
from events.core.config import Settings
from events.core.db import Base, Id, forbid_open_unit, insert_into, unit_of_work
from events.core.ids import new_id
from events.core.letters import Letter, message_of
from events.core.mail_ledger import Ceilings, enter_mail
from events.core.queue import Job, Lane, TryLater, enqueue, job
from events.core.signals import MailRefused
from events.core.smtp import AddressRefused, MailFailed, deliver

log = structlog.get_logger()


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
    state: Mapped[str] = mapped_column(default="waiting")  # waiting, sent, dropped, refused, failed, returned
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    planned_at: Mapped[datetime | None] = mapped_column(index=True)  # the minute of a mail to many
    sent_at: Mapped[datetime | None]


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
    if kind in _ceilings and at is None:
        if db.scalar(select(OutgoingMail.id).where(OutgoingMail.dedup_key == dedup_key)) is not None:
            return
        at = enter_mail(db, _ceilings[kind], kind, person_id, subject_id, group_id=group_id)
    planned_at = _next_minute(db, max(at or clock.now(), clock.now())) if to_many else None
    insert = insert_into(db, OutgoingMail).values(
        kind=kind,
        person_id=person_id,
        subject_id=subject_id,
        sequence=sequence,
        dedup_key=dedup_key,
        message_id=f"<{new_id()}@{_domain()}>",
        created_at=clock.now(),
        planned_at=planned_at,
    )
    once = insert.on_conflict_do_nothing(index_elements=[OutgoingMail.dedup_key])
    mail_id = db.scalar(once.returning(OutgoingMail.id))
    if mail_id is None:
        return
    if planned_at is not None:
        _planned(db)[planned_at] += 1
    due_at = max(at, planned_at) if at and planned_at else at or planned_at
    lane = Lane.BULK if to_many else Lane.PEOPLE
    enqueue(db, send_mail, mail_id, key=f"mail:{mail_id}", at=due_at, lane=lane)


def _next_minute(db: Session, at: datetime) -> datetime:
    """The first minute, from `at` on, that has room for one more mail to many."""
    first = at.replace(second=0, microsecond=0)
    minute: datetime = db.info.get(("minute", first), first)  # what this transaction found full stays so
    planned, most = _planned(db), _settings().mail_per_minute
    while planned[minute] >= most:
        minute += timedelta(minutes=1)
    db.info["minute", first] = minute
    return minute


def _planned(db: Session) -> Counter[datetime]:
    """Mails planned per minute from now on: read once in a transaction, which then counts its own."""
    known: Counter[datetime] | None = db.info.get("planned")
    if known is None:
        taken = (
            select(OutgoingMail.planned_at, func.count(OutgoingMail.id))
            .where(OutgoingMail.planned_at >= clock.now() - timedelta(minutes=1))
            .group_by(OutgoingMail.planned_at)
        )
        known = Counter({minute: count for minute, count in db.execute(taken) if minute is not None})
        db.info["planned"] = known
    return known


def _give_up(db: Session, mail_id: str) -> None:
    mail = db.get(OutgoingMail, mail_id)
    if mail is not None and mail.state == "waiting":
        mail.state = "failed"


@job(lane=Lane.PEOPLE, given_up=_give_up)
def send_mail(mail_id: str) -> None:
    """Read, render and send one mail; leave a row and a log line that say what became of it."""
    with unit_of_work() as db:
        mail = db.get(OutgoingMail, mail_id)
        if mail is None or mail.state != "waiting":
            return
        letter = _composers[mail.kind](db, mail)
        if letter is None:
            mail.state = "dropped"
    about = log.bind(mail=mail.kind, mail_id=mail.id, person=mail.person_id, subject=mail.subject_id)
    if letter is None:
        about.info("mail dropped", reason=mail.error or "no longer due")
        return
    try:
        _send(message_of(letter, mail.message_id, _settings().mail_from))
    except AddressRefused as refused:
        about.warning("mail refused", reason=str(refused))
        _end(mail_id, "refused", str(refused), MailRefused(mail_id, refused.status))
    except MailFailed as failed:
        about.error("mail failed", reason=str(failed))
        _end(mail_id, "failed", str(failed))
    except TryLater as later:
        about.warning("mail waits", reason=str(later))
        _end(mail_id, "waiting", str(later))
        raise
    else:
        about.info("mail sent", message_id=mail.message_id)
        _end(mail_id, "sent", None)


def _end(mail_id: str, state: str, error: str | None, signal: MailRefused | None = None) -> None:
    with unit_of_work() as db:
        mail = db.get_one(OutgoingMail, mail_id)
        mail.state, mail.error = state, error
        if state == "sent":
            mail.sent_at = clock.now()
        if signal is not None:
            announce(db, signal)


def retry_failed(db: Session) -> int:
    """Let every mail that failed wait again; how many. Those no longer due are dropped when sent."""
    failed = list(db.scalars(select(OutgoingMail).where(OutgoingMail.state == "failed")))
    for mail in failed:
        mail.state = "waiting"
        earlier = update(Job).where(Job.key == f"mail:{mail.id}")
        db.execute(earlier.values(key=None, state="done", done_at=clock.now()))
        enqueue(db, send_mail, mail.id, key=f"mail:{mail.id}", lane=Lane.BULK)
    return len(failed)


def waits_since(db: Session) -> datetime | None:
    """Since when mail has waited for a mail server that does not take it."""
    query = select(func.min(Job.failing_since)).where(
        Job.name == "core.mail.send_mail", Job.state == "waiting"
    )
    return db.scalar(query)


def last_error(db: Session) -> str:
    """The newest reason why a mail or a job waits or was given up."""
    query = select(Job).where(Job.state != "done", Job.error.is_not(None)).order_by(Job.due_at.desc())
    found = db.scalar(query.limit(1))
    said = found.error if found is not None else None
    mail = select(OutgoingMail.error).where(OutgoingMail.state == "failed", OutgoingMail.error.is_not(None))
    said = said or db.scalar(mail.order_by(OutgoingMail.created_at.desc()).limit(1)) or ""
    return said.strip().splitlines()[-1][:200] if said else ""


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _domain() -> str:
    return _settings().mail_from.rpartition("@")[2]


def _send(message: EmailMessage) -> None:
    settings = _settings()
    if settings.mail_url is not None:
        deliver(settings, message)
        return
    forbid_open_unit("sending mail")
    _drop_in_mailbox(message, settings.mail_directory)


def _drop_in_mailbox(message: EmailMessage, directory: Path) -> None:
    """A mail is there as a whole or not at all, also when the process ends while it is written."""
    directory.mkdir(parents=True, exist_ok=True)
    name = message["Message-ID"].strip("<>").partition("@")[0]
    begun = directory / f"{clock.now():%Y%m%d-%H%M%S-%f}-{name}.begun"
    begun.write_bytes(message.as_bytes())
    begun.replace(begun.with_suffix(".eml"))
