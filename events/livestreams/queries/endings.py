"""Queries for what ends or lapses by itself, and for those who are to be told."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from events.circles.queries.circles import list_organiser_ids
from events.core import clock
from events.livestreams.models import Livestream
from events.livestreams.rules.endings import NOT_STARTED_AFTER, is_due_to_end, is_missed
from events.livestreams.rules.states import ON_AIR, UPCOMING


def list_lapsed_ids(db: Session) -> list[str]:
    """Ids of livestreams that are due to end by themselves, or that nobody started."""
    now = clock.now()
    on_air = and_(Livestream.state.in_(ON_AIR), Livestream.ends_at <= now)
    upcoming = and_(Livestream.state.in_(UPCOMING), Livestream.ends_at <= now - NOT_STARTED_AFTER)
    found = db.scalars(select(Livestream).where(or_(on_air, upcoming)).order_by(Livestream.id))
    return [one.id for one in found if is_due_to_end(one, now) or is_missed(one, now)]


def list_director_ids(db: Session, livestream: Livestream) -> list[str]:
    """The host and the circle's organisers, in one order."""
    return sorted({livestream.host_id, *list_organiser_ids(db, livestream.circle_id)})
