"""Query on the coffees that still ask something of one person: open ones, and past ones not told about."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from events.coffees import policy
from events.coffees.models import Coffee, Seat
from events.coffees.rules import AUTO_CLOSE_AFTER, OPEN
from events.core import clock
from events.core.auth.actor import Actor

MAX_LISTED = 60


def list_current(db: Session, actor: Actor) -> list[Coffee]:
    """Open coffees, and those of the last week that only the others told about, soonest first."""
    if actor.person_id is None:
        return []
    untold = and_(
        Coffee.kind == "coffee",
        Coffee.state.in_(("met", "missed")),
        Coffee.starts_at > clock.now() - AUTO_CLOSE_AFTER,
        Seat.took_place.is_(None),
    )
    open_ = and_(Coffee.kind == "coffee", Coffee.state.in_(OPEN), Coffee.closed_at.is_(None))
    query = (
        select(Coffee)
        .join(Seat)
        .where(Seat.user_id == actor.person_id, Seat.answer != "no", Seat.delivered)
        .where(Seat.leaves_at.is_(None), or_(open_, untold))
        .order_by(Coffee.starts_at.desc(), Coffee.id)
        .limit(MAX_LISTED)
        .options(joinedload(Coffee.circle))
    )
    return [coffee for coffee in reversed(db.scalars(query).all()) if policy.may_see(actor, coffee)]
