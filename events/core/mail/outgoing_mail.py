"""Outbox table, and pacing of bulk mail: a number per minute, shared fairly between circles."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Index, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from events.core import clock
from events.core.db.session import Base, Id

MAX_SHARE = 3 / 4  # of the capacity that other circles leave in a minute
MINUTE = timedelta(minutes=1)
Plan = defaultdict[datetime, Counter[str]]


class OutgoingMail(Base):
    """A queued mail: its subject and recipient, never its text. `dedup_key` is unique.

    `group_id` is the circle that it is sent for, if any.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        Index("ix_outgoing_mail_group_id_person_id", "group_id", "person_id"),
        Index("ix_outgoing_mail_person_id_planned_at", "person_id", "planned_at"),
    )

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
    planned_at: Mapped[datetime | None] = mapped_column(index=True)  # minute of a bulk mail
    sent_at: Mapped[datetime | None]


def next_minute(db: Session, at: datetime, group_id: str | None, most: int) -> datetime:
    """First minute from `at` on with capacity for one more bulk mail of this circle.

    A circle takes at most MAX_SHARE of what others leave, so that a long mailing does not delay
    another circle's.
    """
    group, first = group_id or "", at.replace(second=0, microsecond=0)
    known = ("minute", first, group)
    minute: datetime = db.info.get(known, first)  # minutes found full in this transaction stay full
    plan = _plan(db)
    while not _has_room(plan[minute], group, most):
        minute += MINUTE
    db.info[known] = minute
    return minute


def count_planned(db: Session, minute: datetime, group_id: str | None) -> None:
    """Count one more mail of this circle in that minute."""
    _plan(db)[minute][group_id or ""] += 1


def _has_room(minute: Counter[str], group: str, most: int) -> bool:
    mine, in_all = minute[group], minute.total()
    return in_all < most and mine < ceil(MAX_SHARE * (most - (in_all - mine)))


def _plan(db: Session) -> Plan:
    """Planned mails by minute and circle: loaded once per transaction, which adds its own."""
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
