"""A nazit and who is in it, for tests."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.aftertalks.models import Aftertalk, AftertalkParticipant
from events.core import clock
from events.core.ids import new_id
from events.livestreams.models import Livestream


def make_aftertalk(
    db: Session,
    livestream: Livestream,
    *people: User,
    state: str = "gathering",
    turn: int = 0,
    next_at: datetime | None = None,
) -> Aftertalk:
    """The nazit after a livestream that has ended; these people have its page open."""
    aftertalk = Aftertalk(
        livestream_id=livestream.id, state=state, turn=turn, step=1, next_at=next_at, opened_at=clock.now()
    )
    db.add(aftertalk)
    db.flush()
    for person in people:
        make_place(db, aftertalk, person)
    return aftertalk


def make_place(
    db: Session, aftertalk: Aftertalk, person: User, *, seen_at: datetime | None = None
) -> AftertalkParticipant:
    place = AftertalkParticipant(
        aftertalk_id=aftertalk.id,
        user_id=person.id,
        is_in=True,
        tab=new_id(),
        seen_at=seen_at or clock.now(),
        joined_at=clock.now(),
    )
    db.add(place)
    db.flush()
    return place
