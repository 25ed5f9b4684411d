"""Mails for a moment ahead."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.core import clock
from events.core.mail import post


def later(db: Session, kind: str, user_id: str, subject_id: str, at: datetime, sequence: int) -> None:
    """A mail for a moment ahead; a moment that has passed needs no reminder."""
    if at > clock.now():
        post(db, kind, user_id, subject_id, sequence=sequence, at=at)
