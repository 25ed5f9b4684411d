"""Queries for the team about members whose address bounces."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from events.accounts.models import BouncedAddress, User
from events.circles import policy
from events.circles.models import Circle, Membership
from events.circles.queries.circles import membership_of
from events.core.auth.actor import Actor, authorize
from events.core.db.paging import Page, window


def list_bounced_members(db: Session, actor: Actor, circle: Circle, number: int) -> Page[BouncedAddress]:
    """A page by name. Excludes people only invited: their bounces may come from another circle."""
    query = _bounced_members(db, actor, circle).options(contains_eager(BouncedAddress.user))
    return Page.of(db.scalars(window(query.order_by(User.name, User.id), number)), number)


def find_bounced_member(db: Session, actor: Actor, circle: Circle, user_id: str) -> BouncedAddress | None:
    return db.scalar(_bounced_members(db, actor, circle).where(User.id == user_id))


def _bounced_members(db: Session, actor: Actor, circle: Circle) -> Select[BouncedAddress]:
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    members = select(Membership.user_id).where(Membership.circle_id == circle.id)
    return (
        select(BouncedAddress)
        .join(User, User.id == BouncedAddress.user_id)
        .where(BouncedAddress.suppressed_at.is_not(None), BouncedAddress.address == User.email)
        .where(User.id.in_(members))
    )
