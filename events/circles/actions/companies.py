"""Actions that keep every member with the company they name, one of each name in a circle."""

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from events.accounts.queries.people import get_user
from events.accounts.signals import CompanyNamed
from events.circles import policy
from events.circles.models import Circle, Company, Membership
from events.circles.queries.circles import lock_circle, membership_of
from events.circles.queries.companies import find_company
from events.circles.rules import company_key
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce


def settle_companies(db: Session, actor: Actor, user_id: str, *, circle_id: str | None = None) -> None:
    """Put a person with the company of their profile, in one circle or in all of theirs.

    Locks each circle: of two who name a new company one makes it, and nobody joins one that is going.
    """
    authorize(policy.may_settle_companies, actor)
    db.flush()
    named = get_user(db, user_id).company
    query = select(Membership, Circle).join(Circle).where(Membership.user_id == user_id)
    if circle_id is not None:
        query = query.where(Membership.circle_id == circle_id)
    for membership, circle in db.execute(query.order_by(Membership.circle_id)).all():
        lock_circle(db, circle)
        _settle(db, membership, named)


def prune_companies(db: Session, actor: Actor, circle_id: str) -> None:
    """Delete the companies of which nobody is a member any more."""
    authorize(policy.may_settle_companies, actor)
    peopled = exists().where(Membership.company_id == Company.id)
    db.execute(delete(Company).where(Company.circle_id == circle_id, ~peopled))


def join_company(db: Session, actor: Actor, circle: Circle, company: Company) -> None:
    """Write this company in one's own profile, so that it is one's own wherever it is known."""
    authorize(policy.is_own, actor, membership_of(db, actor, circle.id))
    user = get_user(db, actor.id)
    user.company = company.name
    announce(db, CompanyNamed(user.id))


def _settle(db: Session, membership: Membership, named: str) -> None:
    key, former = company_key(named), membership.company_id
    company = find_company(db, membership.circle_id, key) if key else None
    if key and company is None:
        company = Company(circle_id=membership.circle_id, key=key, name=named, created_at=clock.now())
        db.add(company)
        db.flush()
    membership.company_id = company.id if company is not None else None
    db.flush()
    if company is not None and company.name != named and _is_alone(db, company, membership):
        company.name = named
    if former not in {None, membership.company_id}:
        db.execute(
            delete(Company).where(Company.id == former, ~exists().where(Membership.company_id == former))
        )


def _is_alone(db: Session, company: Company, membership: Membership) -> bool:
    others = select(Membership.id).where(Membership.company_id == company.id, Membership.id != membership.id)
    return db.scalar(others.limit(1)) is None
