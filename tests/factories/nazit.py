"""A nazit and who is in it, for tests."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.core import clock
from events.core.ids import new_id
from events.livestreams.models import Livestream
from events.matching.models import Nazit, NazitPlace


def make_nazit(
    db: Session,
    livestream: Livestream,
    *people: User,
    state: str = "gathering",
    turn: int = 0,
    next_at: datetime | None = None,
) -> Nazit:
    """The nazit after a livestream that has ended; these people have its page open."""
    nazit = Nazit(
        livestream_id=livestream.id, state=state, turn=turn, step=1, next_at=next_at, opened_at=clock.now()
    )
    db.add(nazit)
    db.flush()
    for person in people:
        make_place(db, nazit, person)
    return nazit


def make_place(db: Session, nazit: Nazit, person: User, *, seen_at: datetime | None = None) -> NazitPlace:
    place = NazitPlace(
        nazit_id=nazit.id,
        user_id=person.id,
        is_in=True,
        tab=new_id(),
        seen_at=seen_at or clock.now(),
        said_at=clock.now(),
    )
    db.add(place)
    db.flush()
    return place
