"""Role changes, removal and leaving of members; a circle always keeps an owner."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.accounts.actions.bounced_addresses import clear_bounce
from events.accounts.models import AuditEntry
from events.circles import policy
from events.circles.models import Circle, CircleBan, Membership
from events.circles.queries.bounced_members import find_bounced_member
from events.circles.queries.circles import lock_circle, membership_of
from events.circles.signals import MembershipEnded
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict, NotFound


def change_role(db: Session, actor: Actor, circle: Circle, user_id: str, role: str) -> Membership:
    """Owners change roles, their own included. Raises Conflict for the last owner."""
    lock_circle(db, circle)
    authorize(policy.may_own, actor, _get_current(db, circle, actor.id))
    membership = _get(db, circle, user_id)
    if membership.role == "owner" and role != "owner":
        _check_owner_remains(db, circle)
    membership.role = role
    membership.named = membership.named and role != "member"
    db.add(AuditEntry.by(actor.person_id, f"role_{role}", user_id))
    db.flush()
    return membership


def name_on_page(db: Session, actor: Actor, membership: Membership | None, *, named: bool) -> None:
    """Whether someone of the team is named on the circle's public page; their own choice."""
    authorize(policy.may_organise, actor, membership)
    if membership is None or not policy.is_own(actor, membership):
        raise NotFound
    membership.named = named


def remove_member(db: Session, actor: Actor, circle: Circle, user_id: str) -> None:
    """End the membership and ban the person until the team lifts it. Their messages stay."""
    lock_circle(db, circle)
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    membership = _get(db, circle, user_id)
    authorize(policy.may_remove, actor, _get_current(db, circle, actor.person_id), membership)
    if membership.role == "owner":
        _check_owner_remains(db, circle)
    db.add(AuditEntry.by(actor.person_id, "member_removed", user_id))
    db.merge(
        CircleBan(circle_id=circle.id, user_id=user_id, banned_by_id=actor.person_id, created_at=clock.now())
    )
    _end(db, membership)


def lift_ban(db: Session, actor: Actor, circle: Circle, user_id: str) -> None:
    """Allow a removed person to join again. Idempotent."""
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    ban = db.get(CircleBan, (circle.id, user_id))
    if ban is not None:
        db.delete(ban)
        db.add(AuditEntry.by(actor.person_id, "let_back", user_id))
        db.flush()


def retry_address(db: Session, actor: Actor, circle: Circle, user_id: str) -> None:
    """Clear the bounce of a member's address. A complaint only its owner can clear."""
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    found = find_bounced_member(db, actor, circle, user_id)
    if found is None:
        return  # already cleared
    if found.kind == "complaint":
        raise NotFound
    clear_bounce(db, SYSTEM, user_id)
    db.add(AuditEntry.by(actor.person_id, "address_tried_again", user_id))


def leave_circle(db: Session, actor: Actor, circle: Circle) -> None:
    lock_circle(db, circle)
    membership = _get_current(db, circle, actor.person_id)
    authorize(policy.is_own, actor, membership)
    if membership is None:
        raise NotFound
    if membership.role == "owner":
        _check_owner_remains(db, circle)
    db.add(AuditEntry.by(actor.id, "left_circle", circle.id))
    _end(db, membership)


def _check_owner_remains(db: Session, circle: Circle) -> None:
    """Called with the circle locked, so of two owners leaving at once the second is refused."""
    owners = select(func.count(Membership.id)).where(
        Membership.circle_id == circle.id, Membership.role == "owner"
    )
    if (db.scalar(owners) or 0) < 2:
        raise Conflict("last_owner")


def _get(db: Session, circle: Circle, user_id: str) -> Membership:
    membership = _get_current(db, circle, user_id)
    if membership is None:
        raise NotFound
    return membership


def _get_current(db: Session, circle: Circle, user_id: str | None) -> Membership | None:
    """Re-read after the lock: the page may have read the row earlier."""
    query = select(Membership).where(Membership.circle_id == circle.id, Membership.user_id == user_id)
    return db.scalar(query.execution_options(populate_existing=True))


def _end(db: Session, membership: Membership) -> None:
    db.delete(membership)
    db.flush()
    announce(db, MembershipEnded(membership.circle_id, membership.user_id))
