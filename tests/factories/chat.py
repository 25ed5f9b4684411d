"""Rooms and lines for tests."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.chat.models import Entry, Room
from events.core import clock
from events.core.auth.crypto import fingerprint
from events.core.ids import new_id
from events.livestreams.models import Livestream


def make_room(db: Session, livestream: Livestream) -> Room:
    room = db.query(Room).filter_by(subject_id=livestream.id).one_or_none()
    if room is None:
        room = Room(kind="livestream", subject_id=livestream.id, seq=0, opened_at=clock.now())
        db.add(room)
        db.flush()
    return room


def make_line(
    db: Session,
    livestream: Livestream,
    author: User,
    body: str = "Hallo allemaal",
    *,
    sent_at: datetime | None = None,
    reply_to: int | None = None,
) -> Entry:
    room = make_room(db, livestream)
    room.seq += 1
    entry = Entry(
        room_id=room.id,
        seq=room.seq,
        id=new_id(),
        kind="posted",
        author_id=author.id,
        client_id=new_id(),
        reply_to_seq=reply_to,
        body=body,
        body_hash=fingerprint(body),
        sent_at=sent_at or clock.now(),
    )
    db.add(entry)
    db.flush()
    return entry
