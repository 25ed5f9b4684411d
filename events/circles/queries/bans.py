"""Queries about people banned from a circle."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from events.circles import policy
from events.circles.models import Circle, CircleBan
from events.circles.queries.circles import membership_of
from events.core.auth.actor import Actor, authorize
from events.core.db.paging import Page, window


def is_banned(db: Session, user_id: str | None, circle_id: str) -> bool:
    """Whether this person is banned. False for visitors."""
    return user_id is not None and db.get(CircleBan, (circle_id, user_id)) is not None


def list_bans(db: Session, actor: Actor, circle: Circle, number: int) -> Page[CircleBan]:
    """For the team: a page of banned people, latest first."""
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    query = select(CircleBan).where(CircleBan.circle_id == circle.id)
    ordered = query.order_by(CircleBan.created_at.desc(), CircleBan.user_id)
    found = db.scalars(window(ordered, number).options(joinedload(CircleBan.user)))
    return Page.of(found, number)
