"""Queries of intake: mailbox position, mails already handled, and the sender's account."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.coffees.models import Seat
from events.core import clock
from events.core.auth.actor import Actor
from events.livestreams.models import Livestream
from events.replies.models import InboxMark, IncomingMail

INBOX = "inbox"
DAY = timedelta(days=1)


def mark_of(db: Session) -> InboxMark | None:
    return db.get(InboxMark, INBOX)


def find_incoming(db: Session, fingerprint: str) -> IncomingMail | None:
    return db.scalar(select(IncomingMail).where(IncomingMail.fingerprint == fingerprint))


def find_seat(db: Session, calendar_uid: str) -> Seat | None:
    """The seat whose calendar entry this is; the UID is 128 random bits and known to its person alone."""
    return db.scalar(select(Seat).where(Seat.calendar_uid == calendar_uid))


def find_livestream(db: Session, calendar_uid: str) -> Livestream | None:
    return db.scalar(select(Livestream).where(Livestream.calendar_uid == calendar_uid))


def is_overtaken(db: Session, person: User, calendar_uid: str, stamped_at: str) -> bool:
    """Whether an answer of this person that was written later has been dealt with already."""
    later = select(IncomingMail.id).where(
        IncomingMail.person_id == person.id,
        IncomingMail.calendar_uid == calendar_uid,
        IncomingMail.stamped_at > stamped_at,
    )
    return db.scalar(later.limit(1)) is not None


def was_asked(db: Session, person: User, calendar_uid: str, code: str) -> bool:
    """Whether this person was told within a day of such an answer to this entry."""
    asked = select(IncomingMail.id).where(
        IncomingMail.person_id == person.id,
        IncomingMail.calendar_uid == calendar_uid,
        IncomingMail.detail == code,
        IncomingMail.received_at > clock.now() - DAY,
    )
    return db.scalar(asked.limit(1)) is not None


def count_apart(db: Session) -> int:
    """How many mails could not be read and wait for a person's eye."""
    return db.scalar(select(func.count(IncomingMail.id)).where(IncomingMail.outcome == "apart")) or 0


def holder(person: User, purpose: str, subject_id: str) -> Actor:
    """Who acts when a mail does: its person, as the key in our mail lets them in; there and nowhere else."""
    return Actor(
        kind="key",
        person_id=person.id,
        name=person.name,
        keys=frozenset({(purpose, subject_id)}),
        locale=person.locale,
        zone=person.zone,
    )
