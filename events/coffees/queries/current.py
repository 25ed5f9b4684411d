"""Query on the coffees that still ask something of one person: open ones, and past ones not told about."""

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from events.accounts.models import Block
from events.chat.queries.unread import select_unread
from events.coffees import policy
from events.coffees.models import Coffee, Seat
from events.coffees.rules import AUTO_CLOSE_AFTER, OPEN
from events.core import clock
from events.core.auth.actor import Actor

MAX_LISTED = 60


def list_current(db: Session, actor: Actor) -> list[tuple[Coffee, int]]:
    """Open coffees, and those of the last week that only the others told about, soonest first; each with
    its number of unread messages, 0 where the actor blocked one of the others.
    """
    if actor.person_id is None:
        return []
    untold = and_(
        Coffee.kind == "coffee",
        Coffee.state.in_(("met", "missed")),
        Coffee.starts_at > clock.now() - AUTO_CLOSE_AFTER,
        Seat.took_place.is_(None),
    )
    open_ = and_(Coffee.kind == "coffee", Coffee.state.in_(OPEN), Coffee.closed_at.is_(None))
    partner = aliased(Seat)
    blocked = (
        select(Block.id)
        .join(partner, partner.user_id == Block.blocked_id)
        .where(Block.blocker_id == actor.person_id, partner.coffee_id == Coffee.id)
    )
    unread = case((blocked.exists(), 0), else_=select_unread(Coffee.id, actor.person_id))
    query = (
        select(Coffee, unread)
        .join(Seat)
        .where(Seat.user_id == actor.person_id, Seat.answer != "no", Seat.delivered)
        .where(Seat.leaves_at.is_(None), or_(open_, untold))
        .order_by(Coffee.starts_at.desc(), Coffee.id)
        .limit(MAX_LISTED)
        .options(joinedload(Coffee.circle), joinedload(Coffee.seats))
    )
    found = reversed(db.execute(query).unique().all())
    return [(coffee, count) for coffee, count in found if policy.may_see(actor, coffee)]
