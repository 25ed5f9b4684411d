"""Actions on the shared note of a coffee, with optimistic locking by version."""

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from events.coffees import forms, policy
from events.coffees.models import Coffee, SharedNote
from events.coffees.transitions import check_agreed
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.db.session import insert_row
from events.core.errors import Conflict


def write_note(db: Session, actor: Actor, coffee: Coffee, data: forms.Note) -> SharedNote:
    """Write over the version that was read; Conflict("note_changed") if there is a newer one."""
    authorize(policy.may_take_part, actor, coffee)
    check_agreed(coffee)
    if data.version == 0:
        _create_note(db, coffee)
    read = max(data.version, 1)
    note = db.get(SharedNote, coffee.id)
    if note is None or note.version != read:
        raise Conflict("note_changed")
    written = db.scalar(
        update(SharedNote)
        .where(SharedNote.coffee_id == coffee.id, SharedNote.version == read)
        .values(
            body=data.body,
            version=read + 1,
            changed_by_id=actor.id,
            changed_at=clock.now(),
        )
        .returning(SharedNote.coffee_id)
    )
    if written is None:
        raise Conflict("note_changed")
    return db.get_one(SharedNote, coffee.id, populate_existing=True)


def _create_note(db: Session, coffee: Coffee) -> None:
    """Empty first version. Of two concurrent writers one gets Conflict("note_changed")."""
    try:
        insert_row(db, SharedNote(coffee_id=coffee.id, body="", version=1, changed_at=clock.now()))
    except IntegrityError:
        raise Conflict("note_changed") from None
