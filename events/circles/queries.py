"""Reads about circles, limited to what the reader may see."""

from collections import defaultdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from events.circles import policy
from events.circles.models import Circle, CircleSlug, Interest, Membership, Topic
from events.core.access import Actor, authorize
from events.core.errors import NotFound


def get_circle(db: Session, slug: str) -> Circle:
    """A circle by its present or a former address; every circle has a public page."""
    circle = db.scalar(select(Circle).where(Circle.slug == slug))
    if circle is None:
        former = db.get(CircleSlug, slug)
        circle = db.get(Circle, former.circle_id) if former is not None else None
    if circle is None:
        raise NotFound
    return circle


def membership_of(db: Session, actor: Actor, circle_id: str) -> Membership | None:
    """What the actor is in that circle; None for visitors and outsiders."""
    if actor.person_id is None:
        return None
    return find_membership(db, actor.person_id, circle_id)


def find_membership(db: Session, user_id: str, circle_id: str) -> Membership | None:
    return db.scalar(
        select(Membership).where(Membership.circle_id == circle_id, Membership.user_id == user_id)
    )


def list_memberships(db: Session, actor: Actor) -> list[Membership]:
    """The circles the actor belongs to, by name."""
    if actor.person_id is None:
        return []
    query = select(Membership).join(Circle).where(Membership.user_id == actor.person_id).order_by(Circle.name)
    return list(db.scalars(query.options(joinedload(Membership.circle))))


def list_members(db: Session, actor: Actor, circle: Circle) -> list[Membership]:
    """The member list: those who let themselves be listed, and oneself; organisers see everyone."""
    own = membership_of(db, actor, circle.id)
    authorize(policy.may_see_members, actor, own)
    query = select(Membership).where(Membership.circle_id == circle.id).options(joinedload(Membership.user))
    members = [
        m for m in db.scalars(query) if m.listed or m.user_id == actor.person_id or policy.organises(own)
    ]
    return sorted(members, key=lambda member: member.user.name.lower())


def list_member_ids(db: Session, circle_id: str) -> list[str]:
    return list(db.scalars(select(Membership.user_id).where(Membership.circle_id == circle_id)))


def list_organiser_ids(db: Session, circle_id: str) -> list[str]:
    """The team: a circle is reachable as a team, never as one person."""
    query = select(Membership.user_id).where(
        Membership.circle_id == circle_id, Membership.role.in_(("owner", "organiser"))
    )
    return list(db.scalars(query.order_by(Membership.created_at)))


def count_members(db: Session, circle_id: str) -> int:
    return db.scalar(select(func.count(Membership.id)).where(Membership.circle_id == circle_id)) or 0


def list_topics(db: Session, circle_id: str) -> list[Topic]:
    return list(db.scalars(select(Topic).where(Topic.circle_id == circle_id).order_by(Topic.name_nl)))


def list_interests(
    db: Session, circle_id: str, user_ids: list[str]
) -> dict[str, tuple[list[Topic], list[Topic]]]:
    """What each of these people (asks, offers) in this circle, in two queries."""
    query = (
        select(Membership.user_id, Interest)
        .join(Interest, Interest.membership_id == Membership.id)
        .where(Membership.circle_id == circle_id, Membership.user_id.in_(user_ids))
        .options(joinedload(Interest.topic))
    )
    found: dict[str, tuple[list[Topic], list[Topic]]] = defaultdict(lambda: ([], []))
    for user_id, interest in db.execute(query):
        found[user_id][0 if interest.side == "asks" else 1].append(interest.topic)
    return found
