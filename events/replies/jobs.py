"""Job that reads the mailbox every minute, each mail in a transaction of its own."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import structlog
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from events.core.auth.actor import SYSTEM
from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.jobs.queue import Lane, job
from events.core.mail.mailbox import Arrived, Inbox, open_inbox, read_mail
from events.core.mail.sender_authentication import is_forged, is_proven
from events.replies.actions import intake
from events.replies.queries.intake import mark_of

log = structlog.get_logger()
MAX_MAILS_PER_RUN = 100  # mails a run; the next run goes on


@job(every=timedelta(minutes=1), lane=Lane.MAILBOX)
def read_inbox() -> None:
    """Read what came in since the last time, when REPLY_IMAP_URL names a mailbox."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.reply_imap_url is None:
        return
    with open_inbox(settings) as inbox:
        with unit_of_work() as db:
            mark = mark_of(db)
            after = mark.last_uid if mark is not None and mark.validity == inbox.validity else 0
            intake.move_on(db, SYSTEM, inbox.validity, after)
        for uid in inbox.list_new(after, MAX_MAILS_PER_RUN):
            _deal_with(settings, inbox, uid)


@job(every=timedelta(days=1))
def sweep_incoming() -> None:
    """Forget what became of mails of three months ago."""
    with unit_of_work() as db:
        intake.forget_old(db, SYSTEM)


def _deal_with(settings: Settings, inbox: Inbox, uid: int) -> None:
    """One mail. Only a database that does not answer stops the run: then the mail is read again later."""
    arrived = inbox.fetch(uid)
    readable = arrived is None or _take_in(settings, arrived)
    with unit_of_work() as db:
        intake.move_on(db, SYSTEM, inbox.validity, uid)
    if arrived is not None:
        inbox.mark(uid, apart=not readable)


def _take_in(settings: Settings, arrived: Arrived) -> bool:
    raw_print = hashlib.sha256(arrived.raw).hexdigest()
    try:
        incoming = read_mail(arrived.raw)
        incoming = replace(
            incoming,
            proven=is_proven(incoming.verdicts, settings.reply_authserv_id, incoming.sender),
            forged=is_forged(incoming.verdicts, settings.reply_authserv_id),
        )
        if incoming.sender == settings.mail_from.lower():
            incoming = replace(incoming, automatic="ours")  # our own mail came back to us: no loops
        with unit_of_work() as db:
            intake.take_in(db, SYSTEM, incoming, raw_print)
    except SQLAlchemyError:
        raise
    except Exception as error:  # whatever is in a mail, the next one is read
        log.exception("a mail is set apart", uid=arrived.uid)
        with unit_of_work() as db:
            intake.set_apart(db, SYSTEM, raw_print, f"{type(error).__name__}: {error}")
        return False
    return True
