"""Mails for a moment ahead."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.core import clock
from events.core.mail import post


def later(db: Session, kind: str, user_id: str, subject_id: str, at: datetime, sequence: int) -> None:
    """A mail for a time ahead; one that has passed needs no reminder.

    Paced, because everybody who comes to an evening is reminded of it in the same minute.
    """
    if at > clock.now():
        post(db, kind, user_id, subject_id, sequence=sequence, at=at, to_many=True)
