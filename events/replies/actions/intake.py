"""Intake of incoming mail: each mail has its effects once; unreadable mail is set apart."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.auth.crypto import fingerprint
from events.core.db.session import get_or_create
from events.core.mail.parser import Incoming
from events.replies import policy
from events.replies.actions.bounces import note_report
from events.replies.actions.calendars import answer_entry
from events.replies.actions.forwarding import pass_on
from events.replies.models import InboxMark, IncomingMail, Reply
from events.replies.queries.intake import INBOX, find_incoming, mark_of

RETENTION = timedelta(days=90)


def take_in(db: Session, actor: Actor, incoming: Incoming, raw_print: str) -> IncomingMail:
    """Do what this mail asks, in one transaction with the row that says so: a second time nothing happens."""
    authorize(policy.may_take_in, actor)
    # Our own fingerprint stands in for an identity that a careless program left out.
    identity = f"{incoming.message_id}\0{incoming.sender}" if incoming.message_id else raw_print
    mark = fingerprint(identity)
    row, created = get_or_create(
        db,
        lambda: find_incoming(db, mark),
        lambda: IncomingMail(fingerprint=mark, outcome="unknown", received_at=clock.now()),
    )
    if created:
        _sort(db, actor, incoming, row)
        db.flush()
    return row


def set_apart(db: Session, actor: Actor, raw_print: str, why: str) -> IncomingMail:
    """It stays in the mailbox, flagged; the doctor counts it and the others go on."""
    authorize(policy.may_take_in, actor)
    known = find_incoming(db, raw_print)
    if known is None:
        known = IncomingMail(fingerprint=raw_print, outcome="apart", received_at=clock.now())
        db.add(known)
    known.outcome, known.detail = "apart", why[:300]
    db.flush()
    return known


def move_on(db: Session, actor: Actor, validity: str, uid: int) -> None:
    """Everything up to this number of the mailbox is dealt with."""
    authorize(policy.may_take_in, actor)
    mark = mark_of(db)
    if mark is None:
        mark = InboxMark(name=INBOX)
        db.add(mark)
    mark.validity, mark.last_uid, mark.read_at = validity, uid, clock.now()
    db.flush()


def forget_old(db: Session, actor: Actor) -> None:
    """What became of mails of long ago, and their words; those set apart are kept until somebody looks."""
    authorize(policy.may_take_in, actor)
    before = clock.now() - RETENTION
    old = IncomingMail.received_at < before
    db.execute(delete(IncomingMail).where(old, IncomingMail.outcome != "apart"))
    db.execute(delete(Reply).where(Reply.created_at < before))


def _sort(db: Session, actor: Actor, incoming: Incoming, row: IncomingMail) -> None:
    """What kind of mail it is decides who deals with it."""
    if incoming.report is not None:  # often from nobody at all; only the number of our mail counts in it
        note_report(db, actor, incoming.report, row)
    elif incoming.forged or not incoming.sender:
        row.outcome = "stranger"
    elif incoming.answer is not None:
        answer_entry(db, actor, incoming, incoming.answer, row)
    elif incoming.automatic:
        row.outcome, row.detail = "automatic", incoming.automatic
    else:
        pass_on(db, actor, incoming, row)
