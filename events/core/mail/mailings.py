"""Ledger of mailings: a daily ceiling of a circle's mails to everyone.

A mailing is one act that a whole circle, or all attendees, learn of by mail. Cancellations do not
count: people with a calendar entry are always notified that it is cancelled. What one person gets
a day is bounded by `daily.py`.
"""

from datetime import datetime, timedelta

from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from events.core import clock
from events.core.db.session import Base, Id, unit_of_work
from events.core.errors import TooMany
from events.core.jobs.queue import job
from events.core.mail.ledger import DAY, is_caused, lock_group

MAX_MAILINGS_PER_DAY = 20  # of one circle
RETENTION = timedelta(days=45)


class Mailing(Base):
    """One mailing of a circle; never removed, so that undoing frees no quota."""

    __tablename__ = "mailing"
    __table_args__ = (Index("ix_mailing_group_id_sent_at", "group_id", "sent_at"),)

    id: Mapped[Id]
    group_id: Mapped[str] = mapped_column(String(26))
    subject_id: Mapped[str] = mapped_column(String(26))
    announces: Mapped[bool]
    sent_at: Mapped[datetime]


def enter_mailing(db: Session, group_id: str, subject_id: str, *, announces: bool = True) -> None:
    """Count one mailing before it is queued. Raises TooMany("too_many_mailings") over the ceiling
    when a person acts; jobs are counted and never refused.
    """
    lock_group(db, group_id)
    if is_caused(db) and count_mailings(db, group_id) >= MAX_MAILINGS_PER_DAY:
        raise TooMany(int(DAY.total_seconds()), "too_many_mailings", most=MAX_MAILINGS_PER_DAY)
    db.add(Mailing(group_id=group_id, subject_id=subject_id, announces=announces, sent_at=clock.now()))
    db.flush()


def count_mailings(db: Session, group_id: str, *, announces: bool = False) -> int:
    """Number of mailings of a circle in the last 24 hours; all, or announcements only."""
    query = select(func.count(Mailing.id)).where(
        Mailing.group_id == group_id, Mailing.sent_at > clock.now() - DAY
    )
    return db.scalar(query.where(Mailing.announces) if announces else query) or 0


def waits_for_tomorrow(db: Session, group_id: str) -> bool:
    """Whether members who had a mail of this circle today get the one just made on a later day."""
    return count_mailings(db, group_id, announces=True) > 1


@job(every=DAY)
def sweep_mailings() -> None:
    """Delete rows older than every ceiling's window."""
    with unit_of_work() as db:
        db.execute(delete(Mailing).where(Mailing.sent_at < clock.now() - RETENTION))
