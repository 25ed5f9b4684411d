"""Mail quota ledger: daily ceilings per sender, recipient and pair for mail that people cause.

Rows are written when a mail is queued and never removed: cancelling or deleting what it was about
frees no quota. Mail without an actor (jobs, reminders) is not counted; circles' announcements have
their own ledger (`mailings.py`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Index, String, delete, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, Session, mapped_column

from events.core import clock
from events.core.auth.actor import Actor
from events.core.db.session import Base, Id, is_sqlite, unit_of_work
from events.core.errors import TooMany
from events.core.jobs.queue import job

DAY = timedelta(days=1)
NEW_ACCOUNT = timedelta(days=7)
BURST = timedelta(minutes=10)
MAX_PER_BURST = 2  # same kind, subject and recipient; further ones are merged into one later mail
RETENTION = timedelta(days=45)
_LOCKED = "quota locks"


class CausedMail(Base):
    """One mail that a person caused; `sent_at` is when it leaves, possibly in the future.

    `pool` names the ceilings that it counts for, `group_id` the circle that it is sent for, if any.
    """

    __tablename__ = "caused_mail"
    __table_args__ = (
        Index("ix_caused_mail_sender_id_sent_at", "sender_id", "sent_at"),
        Index("ix_caused_mail_recipient_id_sent_at", "recipient_id", "sent_at"),
        Index("ix_caused_mail_group_id_sent_at", "group_id", "sent_at"),
    )

    id: Mapped[Id]
    pool: Mapped[str] = mapped_column(String(10))
    sender_id: Mapped[str | None] = mapped_column(String(26))
    recipient_id: Mapped[str] = mapped_column(String(26))
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(40))
    group_id: Mapped[str | None] = mapped_column(String(26))
    sent_at: Mapped[datetime]


@dataclass(frozen=True)
class Ceilings:
    """Maximum number of mails of one pool in 24 hours.

    Over the ceiling of a recipient or pair, `over` decides: refuse the request, or send on a later
    day. Over the ceiling of the sender the request is always refused.
    """

    pool: str
    sender: int
    new_sender: int  # in the first week of an account
    recipient: int
    pair: int
    over: Literal["refuse", "postpone"]
    of_groups: bool = False  # count per circle too


# Between members of one circle: invitations for a coffee, other times and places, replies, requests to join.
TO_MEMBERS = Ceilings("member", sender=100, new_sender=40, recipient=60, pair=20, over="refuse")
# To non-members. Postponed, since a refusal would reveal that others wrote to this person.
TO_STRANGERS = Ceilings(
    "stranger", sender=500, new_sender=50, recipient=3, pair=2, over="postpone", of_groups=True
)


def act_for(db: Session, find_actor: Callable[[], Actor]) -> None:
    """Set the actor of this unit of work. Pages and frames do, so that no mail escapes the ledger."""
    db.info["acting"] = find_actor


def is_caused(db: Session) -> bool:
    """Whether a person acts in this unit of work, rather than a job."""
    actor = _actor_of(db)
    return actor is not None and actor.person_id is not None


def enter_mail(
    db: Session,
    ceilings: Ceilings,
    kind: str,
    recipient_id: str,
    subject_id: str,
    *,
    group_id: str | None = None,
) -> datetime | None:
    """Count one mail before it is queued; returns when it may leave, or None for now.

    Raises TooMany("too_many_mails") over a ceiling that refuses, with the same code for all
    ceilings.
    """
    actor = _actor_of(db)
    sender_id = actor.person_id if actor is not None else None
    if sender_id == recipient_id or (sender_id is None and group_id is None):
        return None
    now = clock.now()
    lock_quotas(db, [recipient_id])
    mails, last = _burst(db, kind, recipient_id, subject_id, now)
    if last is not None and last > now:
        return last  # a waiting mail will have the newest content
    mine = (CausedMail.pool == ceilings.pool, CausedMail.sender_id == sender_id)
    theirs = (CausedMail.pool == ceilings.pool, CausedMail.recipient_id == recipient_id)
    if sender_id is not None and _room_at(db, _most_of(ceilings, actor, now), *mine) > now:
        raise TooMany(int(DAY.total_seconds()), "too_many_mails")
    pair = _room_at(db, ceilings.pair, *theirs, CausedMail.sender_id == sender_id)
    leaves_at = max(now, pair, _room_at(db, ceilings.recipient, *theirs))
    if leaves_at > now and ceilings.over == "refuse":
        raise TooMany(int(DAY.total_seconds()), "too_many_mails")
    if mails >= MAX_PER_BURST:
        leaves_at = max(leaves_at, now + BURST)
    db.add(
        CausedMail(
            pool=ceilings.pool,
            sender_id=sender_id,
            recipient_id=recipient_id,
            kind=kind,
            subject_id=subject_id,
            group_id=group_id,
            sent_at=leaves_at,
        )
    )
    db.flush()
    return leaves_at if leaves_at > now else None


def lock_quotas(db: Session, recipient_ids: Iterable[str]) -> None:
    """Lock the quotas of the one who acts and of these recipients until the commit.

    Deadlock-free by order: the one sender first, then recipients by id. `enter_mail` locks its own; an
    act with many recipients locks all of them first, which takes one statement.
    """
    actor = _actor_of(db)
    sender = [f"sender:{actor.person_id}"] if actor is not None and actor.person_id is not None else []
    _lock(db, [*sender, *(f"recipient:{id}" for id in sorted(set(recipient_ids)))])


def lock_group(db: Session, group_id: str) -> None:
    """Lock the quota of a circle until the commit."""
    _lock(db, [f"group:{group_id}"])


def _lock(db: Session, names: list[str]) -> None:
    """Advisory locks in this order, so that requests counting for one ceiling are serialised (SQLite
    has one writer anyway). Those held already are left out; rolling back to a savepoint gives up
    what was locked behind it.
    """
    if is_sqlite(db):
        return
    taken = [(transaction, held) for transaction, held in db.info.get(_LOCKED, ()) if transaction.is_active]
    missing = [name for name in names if not any(name in held for _transaction, held in taken)]
    if not missing:
        return
    name = func.unnest(postgresql.array(missing)).column_valued("name")
    db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0)))).all()
    db.info[_LOCKED] = [*taken, (db.get_nested_transaction() or db.get_transaction(), set(missing))]


def _actor_of(db: Session) -> Actor | None:
    actor: Actor | None = db.info["acting"]() if "acting" in db.info else None
    return actor


def count_mail(db: Session, group_id: str, since: datetime, *, recipient_id: str | None = None) -> int:
    """Number of mails sent for a group since then, in all or to one person."""
    query = select(func.count(CausedMail.id)).where(
        CausedMail.group_id == group_id, CausedMail.sent_at > since
    )
    if recipient_id is not None:
        query = query.where(CausedMail.recipient_id == recipient_id)
    return db.scalar(query) or 0


@job(every=DAY)
def sweep_ledger() -> None:
    """Delete rows older than every ceiling's window."""
    with unit_of_work() as db:
        db.execute(delete(CausedMail).where(CausedMail.sent_at < clock.now() - RETENTION))


def _most_of(ceilings: Ceilings, actor: Actor | None, now: datetime) -> int:
    """The sender's ceiling: lower for new accounts, except operators'."""
    is_new = actor is not None and actor.since is not None and actor.since > now - NEW_ACCOUNT
    return ceilings.new_sender if is_new and actor is not None and not actor.operator else ceilings.sender


def _room_at(db: Session, most: int, *which: ColumnElement[bool]) -> datetime:
    """When fewer than `most` of these mails lie in the preceding 24 hours."""
    query = select(CausedMail.sent_at).where(*which).order_by(CausedMail.sent_at.desc())
    earliest = db.scalar(query.offset(most - 1).limit(1))
    return earliest + DAY if earliest is not None else datetime.min.replace(tzinfo=UTC)


def _burst(
    db: Session, kind: str, recipient_id: str, subject_id: str, now: datetime
) -> tuple[int, datetime | None]:
    """Number of recent mails of one kind about one subject to a recipient, and when the last
    leaves.
    """
    query = select(func.count(CausedMail.id), func.max(CausedMail.sent_at)).where(
        CausedMail.recipient_id == recipient_id,
        CausedMail.kind == kind,
        CausedMail.subject_id == subject_id,
        CausedMail.sent_at > now - BURST,
    )
    count, last = db.execute(query).one()
    return count, last
