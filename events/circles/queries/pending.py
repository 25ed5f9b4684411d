"""Pages of a circle's unanswered invitations and open join requests."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from events.accounts.models import User
from events.circles import policy
from events.circles.models import Circle, Invitation, JoinRequest
from events.circles.queries.circles import membership_of, open_invitations
from events.core.auth.actor import Actor, authorize
from events.core.db.paging import Page, matches, window


def list_invitations(db: Session, actor: Actor, circle: Circle, search: str, number: int) -> Page[Invitation]:
    """Unanswered invitations, latest first."""
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    query = (
        open_invitations(circle.id).join(Invitation.user).where(*matches(search, User.email, Invitation.name))
    )
    query = query.options(contains_eager(Invitation.user).load_only(User.email))
    ordered = query.order_by(Invitation.created_at.desc(), Invitation.id)
    return Page.of(db.scalars(window(ordered, number)), number)


def list_requests(db: Session, actor: Actor, circle: Circle, number: int) -> Page[JoinRequest]:
    """Open requests, oldest first."""
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    query = select(JoinRequest).where(JoinRequest.circle_id == circle.id, JoinRequest.decision.is_(None))
    query = query.options(joinedload(JoinRequest.user))
    ordered = query.order_by(JoinRequest.created_at, JoinRequest.id)
    return Page.of(db.scalars(window(ordered, number)), number)


def count_requests(db: Session, circle_id: str) -> int:
    query = select(func.count(JoinRequest.id)).where(JoinRequest.circle_id == circle_id)
    return db.scalar(query.where(JoinRequest.decision.is_(None))) or 0
