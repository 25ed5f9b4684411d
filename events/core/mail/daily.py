"""Daily limit of circle mails: the day on which a circle's next mail to a person leaves.

Mails of counted kinds share the days of their recipient, by the recipient's own clock. Mails about the
recipient's own coffee and answers to what they did themselves are not counted and not delayed.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from events.core.mail.ledger import lock_quotas
from events.core.mail.outgoing_mail import OutgoingMail

DAY = timedelta(days=1)
MORNING = time(8, 30)  # when delayed mail leaves
NIGHT_FROM, NIGHT_UNTIL = time(21, 30), time(8)
MAX_DELAY_BY_OTHERS = timedelta(days=2)  # so that no circle can silence another


def first_free_day(
    db: Session, person_id: str, group_id: str, zone: str, at: datetime, counted: Collection[str]
) -> datetime:
    """`at` itself on a day without counted mail, else the morning of the first such day."""
    lock_quotas(db, [person_id])
    first = at.astimezone(ZoneInfo(zone)).date()
    query = select(OutgoingMail.planned_at, OutgoingMail.created_at, OutgoingMail.group_id).where(
        *_counted(person_id, counted, _start(first, zone))
    )
    own: set[date] = set()
    others: set[date] = set()
    for planned_at, created_at, group in db.execute(query):
        day = (planned_at or created_at).astimezone(ZoneInfo(zone)).date()
        (own if group in {group_id, None} else others).add(day)
    day = first
    while day in own or (day in others and day - first < MAX_DELAY_BY_OTHERS):
        day += DAY
    return at if day == first else datetime.combine(day, MORNING, ZoneInfo(zone)).astimezone(at.tzinfo)


def was_mailed_on(
    db: Session, mail: OutgoingMail, zone: str, day_of: datetime, counted: Collection[str]
) -> bool:
    """Whether another counted mail was sent to this person on that day."""
    start = _start(day_of.astimezone(ZoneInfo(zone)).date(), zone)
    query = select(OutgoingMail.id).where(
        OutgoingMail.person_id == mail.person_id,
        OutgoingMail.kind.in_(sorted(counted)),
        OutgoingMail.id != mail.id,
        OutgoingMail.sent_at >= start,
        OutgoingMail.sent_at < start + DAY,
    )
    return db.scalar(query.limit(1)) is not None


def after_the_night(at: datetime, zone: str) -> datetime:
    """`at`, or the next morning when that is in the night of this zone."""
    local = at.astimezone(ZoneInfo(zone))
    if NIGHT_UNTIL <= local.time() < NIGHT_FROM:
        return at
    day = local.date() + (DAY if local.time() >= NIGHT_FROM else timedelta(0))
    return datetime.combine(day, MORNING, ZoneInfo(zone)).astimezone(at.tzinfo)


def _counted(person_id: str, counted: Collection[str], since: datetime) -> tuple[ColumnElement[bool], ...]:
    unplanned = and_(OutgoingMail.planned_at.is_(None), OutgoingMail.created_at >= since)
    return (
        OutgoingMail.person_id == person_id,
        OutgoingMail.kind.in_(sorted(counted)),
        OutgoingMail.state != "dropped",
        or_(OutgoingMail.planned_at >= since, unplanned),
    )


def _start(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
