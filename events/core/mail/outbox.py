"""Transactional outbox: mail is a row in the business transaction, rendered when sent, with a fixed
Message-ID.
"""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import structlog
from flask import current_app
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from events.core import clock
from events.core.bus import announce
from events.core.config import Settings
from events.core.db.session import assert_no_transaction, insert_into, unit_of_work
from events.core.ids import new_id
from events.core.jobs.queue import Job, Lane, TryLater, enqueue, job, name_of
from events.core.mail.daily import first_free_day, was_mailed_on
from events.core.mail.ledger import Ceilings, enter_mail
from events.core.mail.outgoing_mail import OutgoingMail, count_planned, next_minute
from events.core.mail.rendering import RenderedMail, message_of
from events.core.mail.signals import MailRefused
from events.core.mail.smtp_delivery import AddressRefused, MailFailed, deliver
from events.core.runtime import runtime

log = structlog.get_logger()


Composer = Callable[[Session, OutgoingMail], RenderedMail | None]
_composers: dict[str, Composer] = {}
_ceilings: dict[str, Ceilings] = {}
_counted: set[str] = set()


def renders(
    kind: str, ceilings: Ceilings | None = None, *, counted: bool = False
) -> Callable[[Composer], Composer]:
    """Register the function that renders a kind of mail; it returns None when the mail is no longer
    due.

    `ceilings` apply to mail that people cause. Of all kinds that are `counted` a person gets one a
    day (`daily.py`).
    """

    def register(composer: Composer) -> Composer:
        _composers[kind] = composer
        if ceilings is not None:
            _ceilings[kind] = ceilings
        if counted:
            _counted.add(kind)
        return composer

    return register


def queue_mail(
    db: Session,
    kind: str,
    person_id: str,
    subject_id: str,
    *,
    sequence: int = 0,
    at: datetime | None = None,
    bulk: bool = False,
    group_id: str | None = None,
    daily_in: str | None = None,
    until: datetime | None = None,
) -> None:
    """Add one mail to the outbox, once per kind, person, subject and sequence.

    `daily_in` is the recipient's zone: the mail then waits for a day without counted mail, unless
    that comes after `until`.

    `bulk` mail leaves at MAIL_PER_MINUTE; mail servers throttle bursts. Mail that a person causes
    is entered in the ledger first (TooMany over a ceiling); `group_id` is the circle that it is
    sent for.
    """
    dedup_key = f"{kind}:{person_id}:{subject_id}:{sequence}"
    if kind in _ceilings and at is None:
        if db.scalar(select(OutgoingMail.id).where(OutgoingMail.dedup_key == dedup_key)) is not None:
            return
        ceilings = _ceilings[kind]
        counted = group_id if ceilings.of_groups else None
        at = enter_mail(db, ceilings, kind, person_id, subject_id, group_id=counted)
    most, now = _settings().mail_per_minute, clock.now()
    if daily_in is not None:
        wanted = max(at or now, now)
        free = first_free_day(db, person_id, group_id or "", daily_in, wanted, _counted)
        at = wanted if until is not None and free > until else free
    planned_at = next_minute(db, max(at or now, now), group_id, most) if bulk else None
    insert = insert_into(db, OutgoingMail).values(
        kind=kind,
        person_id=person_id,
        subject_id=subject_id,
        group_id=group_id,
        sequence=sequence,
        dedup_key=dedup_key,
        message_id=f"<{new_id()}@{_domain()}>",
        created_at=now,
        planned_at=planned_at,
    )
    once = insert.on_conflict_do_nothing(index_elements=[OutgoingMail.dedup_key])
    mail_id = db.scalar(once.returning(OutgoingMail.id))
    if mail_id is None:
        return
    if planned_at is not None:
        count_planned(db, planned_at, group_id)
    due_at = max(at, planned_at) if at and planned_at else at or planned_at
    lane = Lane.BULK if bulk else Lane.PEOPLE
    enqueue(db, send_mail, mail_id, key=f"mail:{mail_id}", at=due_at, lane=lane)


def _give_up(db: Session, mail_id: str) -> None:
    mail = db.get(OutgoingMail, mail_id)
    if mail is not None and mail.state == "waiting":
        mail.state = "failed"


@job(lane=Lane.PEOPLE, given_up=_give_up)
def send_mail(mail_id: str) -> None:
    """Render and send one mail; stores and logs the result."""
    with unit_of_work() as db:
        mail = db.get(OutgoingMail, mail_id)
        if mail is None or mail.state != "waiting":
            return
        letter = _composers[mail.kind](db, mail)
        if letter is None:
            mail.state = "dropped"
    if runtime.take_mail is not None:
        if letter is not None:
            _end(mail_id, "sent", None)
            runtime.take_mail(mail.kind, mail.person_id, mail.subject_id)
        return
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
        about.warning("mail postponed", reason=str(later))
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


def is_second_today(db: Session, mail: OutgoingMail, zone: str) -> bool:
    """Whether this person had another counted mail today, by the clock of `zone`."""
    return was_mailed_on(db, mail, zone, clock.now(), _counted)


def drop_waiting(
    db: Session, kind: str, subject_id: str, group_id: str, *, person_id: str | None = None
) -> None:
    """Drop waiting mails of a circle about a subject; their minutes and days become free."""
    waiting = update(OutgoingMail).where(
        OutgoingMail.group_id == group_id,
        OutgoingMail.kind == kind,
        OutgoingMail.subject_id == subject_id,
        OutgoingMail.state == "waiting",
    )
    if person_id is not None:
        waiting = waiting.where(OutgoingMail.person_id == person_id)
    db.execute(waiting.values(state="dropped", planned_at=None))


def retry_failed(db: Session) -> int:
    """Requeue failed mails; returns how many. Those no longer due are dropped when sent."""
    failed = list(db.scalars(select(OutgoingMail).where(OutgoingMail.state == "failed")))
    for mail in failed:
        mail.state = "waiting"
        earlier = update(Job).where(Job.key == f"mail:{mail.id}")
        db.execute(earlier.values(key=None, state="done", done_at=clock.now()))
        enqueue(db, send_mail, mail.id, key=f"mail:{mail.id}", lane=Lane.BULK)
    return len(failed)


def waits_since(db: Session) -> datetime | None:
    """Since when the mail server has not accepted mail, or None."""
    query = select(func.min(Job.failing_since)).where(Job.name == name_of(send_mail), Job.state == "waiting")
    return db.scalar(query)


def last_error(db: Session) -> str:
    """Newest error of a job or mail that waits or was given up."""
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
    assert_no_transaction("sending mail")
    _drop_in_mailbox(message, settings.mail_directory)


def _drop_in_mailbox(message: EmailMessage, directory: Path) -> None:
    """Write the mail atomically."""
    directory.mkdir(parents=True, exist_ok=True)
    name = message["Message-ID"].strip("<>").partition("@")[0]
    begun = directory / f"{clock.now():%Y%m%d-%H%M%S-%f}-{name}.begun"
    begun.write_bytes(message.as_bytes())
    begun.replace(begun.with_suffix(".eml"))
