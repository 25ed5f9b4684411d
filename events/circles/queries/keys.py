"""Key pages of circles: where the keys of invitations and requested circles lead."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Circle, PendingCircle
from events.core.auth.actor import Actor
from events.core.errors import NotFound


def welcome_path(db: Session, circle_id: str) -> str | None:
    """Where the key of an invitation leads after use."""
    circle = db.get(Circle, circle_id)
    return f"/circles/{circle.slug}/welcome" if circle is not None else None


def circle_name(db: Session, circle_id: str) -> str | None:
    """The circle's name on the invitation's confirmation page."""
    circle = db.get(Circle, circle_id)
    return circle.name if circle is not None else None


def find_pending_circle(db: Session, email: str, name: str) -> PendingCircle | None:
    """The unconfirmed request of this address for a circle of this name."""
    query = select(PendingCircle).join(User, User.id == PendingCircle.user_id)
    query = query.where(User.email == email, PendingCircle.name == name, PendingCircle.circle_id.is_(None))
    return db.scalar(query.limit(1))


def get_requested_circle(db: Session, actor: Actor, pending_id: str) -> Circle:
    """The circle that the actor requested. Raises NotFound."""
    pending = db.get(PendingCircle, pending_id)
    if pending is None or pending.user_id != actor.person_id or pending.circle_id is None:
        raise NotFound
    return db.get_one(Circle, pending.circle_id)


def pending_path(db: Session, pending_id: str) -> str | None:
    """Where the key that confirms a requested circle leads."""
    return f"/circles/new/{pending_id}" if pending_name(db, pending_id) is not None else None


def pending_name(db: Session, pending_id: str) -> str | None:
    pending = db.get(PendingCircle, pending_id) if pending_id else None
    return pending.name if pending is not None else None
