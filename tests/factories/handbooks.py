"""Entries of a circle's book for tests."""

from sqlalchemy.orm import Session

from events.circles.models import Circle
from events.core import clock
from events.handbooks.models import BookEntry


def make_book_entry(db: Session, circle: Circle, *, kind: str = "role", what: str = "Sprekers") -> BookEntry:
    entry = BookEntry(circle_id=circle.id, kind=kind, what=what, changed_at=clock.now())
    db.add(entry)
    db.flush()
    return entry
