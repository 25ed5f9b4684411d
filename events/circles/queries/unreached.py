"""Members whose mail comes back: pages of them, and one of them, for the team."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from events.accounts.models import ReturnedAddress, User
from events.circles import policy
from events.circles.models import Circle, Membership
from events.circles.queries.circles import membership_of
from events.core.auth.actor import Actor, authorize
from events.core.db.paging import Page, window


def list_unreached(db: Session, actor: Actor, circle: Circle, number: int) -> Page[ReturnedAddress]:
    """By name, for the team, who can ask them. Of who was only invited nothing is told: it may have come back
    elsewhere."""
    query = _unreached(db, actor, circle).options(contains_eager(ReturnedAddress.user))
    return Page.of(db.scalars(window(query.order_by(User.name, User.id), number)), number)


def find_unreached(db: Session, actor: Actor, circle: Circle, user_id: str) -> ReturnedAddress | None:
    return db.scalar(_unreached(db, actor, circle).where(User.id == user_id))


def _unreached(db: Session, actor: Actor, circle: Circle) -> Select[ReturnedAddress]:
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    members = select(Membership.user_id).where(Membership.circle_id == circle.id)
    return (
        select(ReturnedAddress)
        .join(User, User.id == ReturnedAddress.user_id)
        .where(ReturnedAddress.suppressed_at.is_not(None), ReturnedAddress.address == User.email)
        .where(User.id.in_(members))
    )
