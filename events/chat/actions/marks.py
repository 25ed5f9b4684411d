"""Actions on read marks: how far a person has read a room, and up to where they were mailed."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.chat import policy, rules
from events.chat.models import ReadMark
from events.chat.policy import RoomRights
from events.chat.queries.rooms import room_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.db.session import get_or_create


def mark_read(db: Session, actor: Actor, rights: RoomRights, seq: int) -> None:
    """Record that the actor has read up to that entry. Without effect in rooms that keep no marks.

    A mark never goes back: a page that was open longer may report late.
    """
    authorize(policy.may_enter, actor, rights)
    room = room_of(db, rights.subject_id) if rights.keeps_marks else None
    if room is not None:
        mark = _mark_of(db, room.id, actor.id)
        mark.seq = max(mark.seq, min(seq, room.seq))
        db.flush()


def plan_mail(db: Session, actor: Actor, room_id: str, user_id: str, seq: int) -> datetime | None:
    """When to mail this reader the entry; None while a planned mail will contain it."""
    authorize(policy.may_plan_mail, actor)
    mark = _mark_of(db, room_id, user_id)
    at = rules.mail_at(clock.now(), mark.mail_at, read_since=mark.seq >= mark.mail_seq)
    if at is not None:
        mark.mail_seq, mark.mail_at = seq, at
        db.flush()
    return at


def _mark_of(db: Session, room_id: str, user_id: str) -> ReadMark:
    mark, _created = get_or_create(
        db,
        lambda: db.get(ReadMark, (room_id, user_id)),
        lambda: ReadMark(room_id=room_id, user_id=user_id, seq=0, mail_seq=0),
    )
    return mark
