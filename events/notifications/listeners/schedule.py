"""Scheduled mails, and the order in which mails to several people are queued."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from events.coffees.models import Coffee, Promise, Seat
from events.core import clock
from events.core.mail.outbox import queue_mail
from events.livestreams.models import Livestream


def later(
    db: Session,
    kind: str,
    user_id: str,
    subject: Coffee | Livestream | Promise,
    at: datetime,
    sequence: int,
) -> None:
    """A mail for a time ahead; one that has passed needs no reminder.

    Paced, because everybody who comes to an evening is reminded of it in the same minute; the circle's share
    of that minute keeps it from holding up the reminders of other circles.
    """
    if at > clock.now():
        group_id = None if isinstance(subject, Promise) else subject.circle_id
        queue_mail(db, kind, user_id, subject.id, sequence=sequence, at=at, bulk=True, group_id=group_id)


def in_order(seats: Iterable[Seat]) -> list[Seat]:
    """By person: the mail ledger locks each recipient, so all transactions need one order."""
    return sorted(seats, key=lambda seat: seat.user_id)
