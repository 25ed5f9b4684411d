"""Table of outgoing mail, and the pacing of mail to many: a number a minute, shared between circles."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Index, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from events.core import clock
from events.core.db.session import Base, Id

MAX_SHARE = 3 / 4  # of what the other circles leave of a minute
MINUTE = timedelta(minutes=1)
Plan = defaultdict[datetime, Counter[str]]


class OutgoingMail(Base):
    """A mail that is due: what it is about and to whom, never its text. `dedup_key` sends each once.

    `group_id` is the circle on whose behalf it is sent, where there is one.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (Index("ix_outgoing_mail_group_id_person_id", "group_id", "person_id"),)

    id: Mapped[Id]
    kind: Mapped[str]
    person_id: Mapped[str]
    subject_id: Mapped[str]
    group_id: Mapped[str | None] = mapped_column(String(26))
    sequence: Mapped[int] = mapped_column(default=0)
    dedup_key: Mapped[str] = mapped_column(unique=True)
    message_id: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")  # waiting, sent, dropped, refused, failed, returned
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    planned_at: Mapped[datetime | None] = mapped_column(index=True)  # the minute of a mail to many
    sent_at: Mapped[datetime | None]


def next_minute(db: Session, at: datetime, group_id: str | None, most: int) -> datetime:
    """The first minute, from `at` on, that has room for one more mail to many of this circle.

    No circle fills a minute: it takes at most three quarters of what the others leave, so that the mails of
    another circle leave in the same minutes as a long mailing that was begun before.
    """
    group, first = group_id or "", at.replace(second=0, microsecond=0)
    known = ("minute", first, group)
    minute: datetime = db.info.get(known, first)  # what this transaction found full stays so
    plan = _plan(db)
    while not _has_room(plan[minute], group, most):
        minute += MINUTE
    db.info[known] = minute
    return minute


def count_planned(db: Session, minute: datetime, group_id: str | None) -> None:
    """One more mail of this circle leaves in that minute."""
    _plan(db)[minute][group_id or ""] += 1


def _has_room(minute: Counter[str], group: str, most: int) -> bool:
    mine, in_all = minute[group], minute.total()
    return in_all < most and mine < ceil(MAX_SHARE * (most - (in_all - mine)))


def _plan(db: Session) -> Plan:
    """Mails planned per minute and circle: read once in a transaction, which then counts its own."""
    known: Plan | None = db.info.get("plan")
    if known is None:
        known = defaultdict(Counter)
        taken = (
            select(OutgoingMail.planned_at, OutgoingMail.group_id, func.count(OutgoingMail.id))
            .where(OutgoingMail.planned_at >= clock.now() - MINUTE)
            .group_by(OutgoingMail.planned_at, OutgoingMail.group_id)
        )
        for minute, group_id, count in db.execute(taken):
            if minute is not None:
                known[minute][group_id or ""] = count
        db.info["plan"] = known
    return known
