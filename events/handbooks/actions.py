"""Changes to a circle's book by its team."""

from sqlalchemy.orm import Session

from events.accounts.models import AuditEntry
from events.circles.models import Circle
from events.circles.queries.circles import lock_circle, membership_of
from events.circles.queries.person_lookup import resolve_person, visible_ids
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.errors import Conflict, Invalid
from events.handbooks import policy
from events.handbooks.forms import ChangeDate, ChangeEntry, ChangeHeld
from events.handbooks.models import BookEntry
from events.handbooks.queries import count_entries, get_entry
from events.handbooks.rules import MAX_ENTRIES, is_date


def add_entry(db: Session, actor: Actor, circle: Circle, kind: str, data: ChangeEntry) -> BookEntry:
    """`data` is of the form of this kind. Conflict("book_full") beyond MAX_ENTRIES of this kind."""
    authorize(policy.may_use_book, actor, membership_of(db, actor, circle.id))
    lock_circle(db, circle)
    if count_entries(db, circle.id, kind) >= MAX_ENTRIES:
        raise Conflict("book_full")
    entry = BookEntry(circle_id=circle.id, kind=kind)
    _fill(db, actor, circle, entry, data)
    db.add(entry)
    db.flush()
    return entry


def change_entry(db: Session, actor: Actor, circle: Circle, entry_id: str, data: ChangeEntry) -> BookEntry:
    authorize(policy.may_use_book, actor, membership_of(db, actor, circle.id))
    entry = get_entry(db, circle, entry_id)
    _fill(db, actor, circle, entry, data)
    db.flush()
    return entry


def remove_entry(db: Session, actor: Actor, circle: Circle, entry_id: str) -> None:
    authorize(policy.may_use_book, actor, membership_of(db, actor, circle.id))
    entry = get_entry(db, circle, entry_id)
    db.add(AuditEntry.by(actor.person_id, "book_entry_removed", f"{circle.id} {entry.kind} {entry.what}"))
    db.delete(entry)
    db.flush()


def _fill(db: Session, actor: Actor, circle: Circle, entry: BookEntry, data: ChangeEntry) -> None:
    entry.what, entry.note, entry.changed_at = data.what, data.note or "", clock.now()
    if isinstance(data, ChangeDate):
        if data.day is not None and not is_date(data.month, data.day):
            raise Invalid(fields=[("day", "bad_day")])
        entry.month, entry.day = data.month, data.day
    if isinstance(data, ChangeHeld):
        _hand_over(db, actor, circle, entry, data)


def _hand_over(db: Session, actor: Actor, circle: Circle, entry: BookEntry, data: ChangeHeld) -> None:
    entry.address = data.address or ""
    entry.holder_id = _member(db, actor, circle, "holder", data.holder, data.holder_id)
    entry.held = entry.holder_id is not None
    entry.stand_in_id = _member(db, actor, circle, "stand_in", data.stand_in, data.stand_in_id)


def _member(
    db: Session, actor: Actor, circle: Circle, field: str, typed: str | None, chosen_id: str | None
) -> str | None:
    """The member that was typed; nobody for an empty text."""
    if typed is None:
        return None
    return resolve_person(db, visible_ids(db, actor, circle), field, typed, chosen_id)
